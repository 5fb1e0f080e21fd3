// One key for one thing on the page: what has data-shortcut is clicked, a field gets the focus.
(function () {
  "use strict";
  document.addEventListener("keydown", function (event) {
    var onChoice = event.target.type === "radio" && !event.ctrlKey && !event.metaKey && !event.altKey;
    if (!onChoice && window.prm.typing(event)) return;
    var target = document.querySelector('[data-shortcut="' + CSS.escape(event.key) + '"]');
    if (!target) return;
    event.preventDefault();
    if (target.matches("textarea")) { target.focus(); return; }
    target.click();
    if (target.control) target.control.focus();
  });
})();
