// Menus, dialogs, panels, the sheet on a phone, toasts and the search key. Everything works plainly without it.
(function () {
  "use strict";
  var nav = document.getElementById("prm-nav");

  // A menu is a <details>: one open at a time, closed by Escape or a click elsewhere.
  function closeMenus(except) {
    document.querySelectorAll("details.prm-menu[open]").forEach(function (menu) {
      if (!except || !menu.contains(except)) menu.open = false;
    });
  }
  document.addEventListener("click", function (event) { closeMenus(event.target); });

  // A dialog opens by data-opens="its id"; data-closes inside it, or a click beside it, closes it.
  function open(dialog) {
    if (dialog && !dialog.open) dialog.showModal();
  }
  document.addEventListener("click", function (event) {
    var opener = event.target.closest("[data-opens]");
    if (opener) {
      event.preventDefault();
      closeMenus();
      open(document.getElementById(opener.dataset.opens));
      return;
    }
    if (event.target.closest("[data-closes]")) event.target.closest("dialog").close();
    if (event.target.nodeName === "DIALOG") event.target.close();
  });

  // <a data-panel href="…"> shows the address's partial page in the side panel; without script it is a link.
  document.addEventListener("click", function (event) {
    var link = event.target.closest("a[data-panel]");
    var panel = document.getElementById("prm-panel");
    if (!link || !panel || !window.htmx || event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    window.htmx.ajax("GET", link.href, { target: "#prm-panel", swap: "innerHTML" }).then(function () { open(panel); });
  });

  // The sidebar is a sheet on a phone.
  function sheet(shown) {
    if (!nav) return;
    nav.classList.toggle("is-open", shown);
    document.querySelectorAll("[data-nav]").forEach(function (button) { button.setAttribute("aria-expanded", String(shown)); });
    var old = document.querySelector(".prm-backdrop");
    if (old) old.remove();
    if (!shown) return;
    var backdrop = document.createElement("div");
    backdrop.className = "prm-backdrop";
    backdrop.addEventListener("click", function () { sheet(false); });
    document.body.append(backdrop);
    var first = nav.querySelector("a");
    if (first) first.focus();
  }
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-nav]");
    if (!button) return;
    event.preventDefault();
    sheet(!nav.classList.contains("is-open"));
  });

  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      var menu = document.querySelector("details.prm-menu[open]");
      if (menu) { menu.open = false; menu.querySelector("summary").focus(); }
      sheet(false);
      return;
    }
    if (window.prm.typing(event)) return;
    if (event.key === "/") {
      var search = document.querySelector("[data-search]");
      if (search) { event.preventDefault(); sheet(false); search.focus(); search.select(); }
    }
    if (event.key === "?") open(document.getElementById("prm-keys"));
  });

  // Shared by the other files: is the person writing, and saying something to a screen reader.
  window.prm = {
    typing: function (event) {
      var at = event.target;
      return event.ctrlKey || event.metaKey || event.altKey || at.isContentEditable ||
        /^(INPUT|TEXTAREA|SELECT)$/.test(at.nodeName) || Boolean(document.querySelector("dialog[open]"));
    },
    say: function (words) {
      var live = document.getElementById("prm-live");
      if (live) live.textContent = words;
    },
  };

  // Toasts leave by themselves unless they offer something; the cross always works.
  document.querySelectorAll(".prm-toast").forEach(function (toast) {
    if (!toast.querySelector("a, form")) setTimeout(function () { toast.remove(); }, 8000);
  });
  document.addEventListener("click", function (event) {
    if (event.target.closest("[data-dismiss]")) event.target.closest(".prm-toast, .prm-note").remove();
    var copy = event.target.closest("[data-copy]");
    if (copy && navigator.clipboard) {
      navigator.clipboard.writeText(copy.dataset.copy || location.href).then(function () {
        window.prm.say(copy.dataset.copied || "");
        copy.classList.add("is-on");
      });
    }
    var print = event.target.closest("[data-print]");
    if (print) window.print();
  });
})();
