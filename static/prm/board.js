// The board: cards are dragged with the mouse; their menus move them by keyboard and touch; what happened is said.
(function () {
  "use strict";
  var dragged = null, shown = "";
  function board() { return document.querySelector("[data-board]"); }

  // On a phone one stage is shown at a time.
  function show(code) {
    var place = board();
    if (!place) return;
    var buttons = Array.from(place.querySelectorAll("[data-show]"));
    if (!buttons.some(function (button) { return button.dataset.show === code; })) code = fullest(place);
    shown = code;
    buttons.forEach(function (button) { button.setAttribute("aria-pressed", String(button.dataset.show === code)); });
    place.querySelectorAll("[data-stage]").forEach(function (pile) { pile.classList.toggle("is-shown", pile.dataset.stage === code); });
  }
  function fullest(place) {
    var first = place.querySelector("[data-stage]:has([data-card])") || place.querySelector("[data-stage]");
    return first ? first.dataset.stage : "";
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-show]");
    if (button) show(button.dataset.show);
  });

  // Dragging.
  function clear() {
    document.querySelectorAll(".prm-pile.is-over, .prm-deal-card.is-dragged").forEach(function (place) {
      place.classList.remove("is-over", "is-dragged");
    });
  }
  document.addEventListener("dragstart", function (event) {
    dragged = event.target.closest && event.target.closest("[data-card]");
    if (!dragged) return;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", dragged.dataset.card);
    dragged.classList.add("is-dragged");
  });
  document.addEventListener("dragover", function (event) {
    var pile = dragged && event.target.closest && event.target.closest("[data-stage]");
    if (!pile) return;
    event.preventDefault();
    document.querySelectorAll(".prm-pile.is-over").forEach(function (other) { if (other !== pile) other.classList.remove("is-over"); });
    pile.classList.add("is-over");
  });
  document.addEventListener("drop", function (event) {
    var pile = dragged && event.target.closest && event.target.closest("[data-stage]");
    var card = dragged;
    dragged = null;
    clear();
    if (!pile || !card) return;
    event.preventDefault();
    if (pile.contains(card)) return;
    var values = { stage: pile.dataset.stage, version: card.dataset.version };
    window.htmx.ajax("POST", card.dataset.moveUrl, { target: "#prm-board", swap: "outerHTML", values: values });
  });
  document.addEventListener("dragend", function () { dragged = null; clear(); });

  // The answer replaces the board, also where it was refused; it is said, and the moved card keeps the focus,
  // unless the person has gone on to something else meanwhile.
  document.addEventListener("htmx:beforeSwap", function (event) {
    if (event.detail.target.id === "prm-board" && [409, 412].includes(event.detail.xhr.status)) event.detail.shouldSwap = true;
  });
  document.addEventListener("htmx:afterSettle", function () {
    var place = board();
    if (!place || place.dataset.told) return;
    place.dataset.told = "1";
    show(shown);
    if (place.dataset.said) window.prm.say(place.dataset.said);
    var card = place.dataset.moved && document.getElementById("card-" + place.dataset.moved);
    var opener = card && card.querySelector("summary");
    if (card) card.classList.add("is-moved");
    var idle = document.activeElement === null || document.activeElement === document.body;
    if (opener && idle && card.closest(".prm-pile").offsetParent !== null) opener.focus();
  });
  if (board()) board().dataset.told = "1";
  show("");
})();
