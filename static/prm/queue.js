// Rows under the keyboard: j and k move, Enter acts, s snoozes; in focus mode j and k go to the neighbours.
(function () {
  "use strict";
  var ROWS = ".prm-queue-row, .prm-table tbody tr:has(.prm-row-link)";
  function rows() { return Array.from(document.querySelectorAll(ROWS)); }
  function current() { return document.querySelector(".is-current"); }
  function go(step) {
    var list = rows();
    if (!list.length) return;
    var at = list.indexOf(current());
    var next = list[Math.min(Math.max(at + step, 0), list.length - 1)];
    list.forEach(function (row) { row.classList.toggle("is-current", row === next); });
    var link = next.querySelector(".prm-row-link, a");
    if (link) link.focus();
    next.scrollIntoView({ block: "nearest" });
  }
  function neighbour(way) {
    var link = document.querySelector("[data-neighbour=" + way + "]");
    if (link && link.href) { location.href = link.href; return true; }
    return false;
  }
  document.addEventListener("keydown", function (event) {
    if (window.prm.typing(event)) return;
    if (event.key === "j") { if (!neighbour("next")) go(1); }
    if (event.key === "k") { if (!neighbour("previous")) go(-1); }
    if (event.key === "Enter" && document.activeElement === document.body && current()) {
      var act = current().querySelector(".prm-queue-act a, .prm-row-link");
      if (act) act.click();
    }
    if (event.key === "s" && current()) {
      var snooze = current().querySelector(".prm-queue-snooze summary, .prm-queue-snooze button");
      if (snooze) { event.preventDefault(); snooze.click(); }
    }
    if (event.key === "x" && current()) {
      var box = current().querySelector(".prm-check");
      if (box) box.click();
    }
  });

  // A decided row slides out and the next takes the focus.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var row = event.target.closest && event.target.closest(".prm-queue-row");
    if (!row || event.detail.xhr.responseText.trim()) return;
    event.detail.shouldSwap = false;
    var list = rows(), next = list[list.indexOf(row) + 1];
    row.classList.add("is-leaving");
    setTimeout(function () {
      row.remove();
      var link = next && next.querySelector("a");
      if (link) link.focus();
    }, 160);
  });

  // Choosing rows shows the bulk bar, which adds per currency.
  var bar = document.querySelector("[data-bulk]");
  if (!bar) return;
  var all = document.querySelector("[data-select-all]");
  function boxes() { return Array.from(document.querySelectorAll("[data-select]")); }
  function tell() {
    var on = boxes().filter(function (box) { return box.checked; });
    bar.hidden = !on.length;
    bar.querySelector("[data-bulk-count]").textContent = bar.dataset.words.replace("0", on.length);
    var sums = {};
    on.forEach(function (box) {
      if (box.dataset.currency) sums[box.dataset.currency] = (sums[box.dataset.currency] || 0) + Number(box.dataset.amount);
    });
    bar.querySelector("[data-bulk-sum]").textContent = Object.keys(sums).map(function (currency) {
      return new Intl.NumberFormat("en-US", { style: "currency", currency: currency, maximumFractionDigits: 0 }).format(sums[currency]);
    }).join(" + ");
    if (all) {
      all.checked = on.length > 0 && on.length === boxes().length;
      all.indeterminate = on.length > 0 && !all.checked;
    }
  }
  document.addEventListener("change", function (event) {
    if (event.target === all) boxes().forEach(function (box) { box.checked = all.checked; });
    if (event.target.matches("[data-select], [data-select-all]")) tell();
  });
  bar.querySelector("[data-bulk-clear]").addEventListener("click", function () {
    boxes().forEach(function (box) { box.checked = false; });
    tell();
  });
  tell();
})();
