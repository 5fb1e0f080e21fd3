// Before the first paint: the theme this person chose here, or the system's.
(function () {
  "use strict";
  var root = document.documentElement;
  function chosen() {
    try { return localStorage.getItem("prm-theme") || ""; } catch (blocked) { return ""; }
  }
  function show(theme) {
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
  }
  show(chosen());
  root.classList.add("has-script");

  function press() {
    document.querySelectorAll("[data-set-theme]").forEach(function (button) {
      button.setAttribute("aria-pressed", String(button.dataset.setTheme === (chosen() || "system")));
    });
  }
  document.addEventListener("DOMContentLoaded", press);
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-set-theme]");
    if (!button) return;
    try { localStorage.setItem("prm-theme", button.dataset.setTheme); } catch (blocked) { /* this page only */ }
    show(button.dataset.setTheme);
    press();
  });
})();
