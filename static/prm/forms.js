// Forms: one submission per press, drafts saved while typing, errors found first, passwords shown on request.
(function () {
  "use strict";

  // A double press sends once. The server holds the same promise by the form's idempotency key.
  document.addEventListener("submit", function (event) {
    var form = event.target;
    if (form.method !== "post" || form.hasAttribute("data-repeatable")) return;
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    form.querySelectorAll("button[type=submit], button:not([type])").forEach(function (button) { button.classList.add("is-busy"); });
    form.setAttribute("aria-busy", "true");
  });
  function release(form) {
    delete form.dataset.sent;
    form.removeAttribute("aria-busy");
    form.querySelectorAll(".is-busy").forEach(function (button) { button.classList.remove("is-busy"); });
  }
  window.addEventListener("pageshow", function (event) {
    if (event.persisted) document.querySelectorAll("form[data-sent]").forEach(release);
  });
  document.addEventListener("htmx:afterRequest", function (event) {
    var form = event.target.closest("form[data-sent]");
    if (form) release(form);
  });

  // data-autosave-url: the draft is posted a second after the last change; the answer's text is shown by the title.
  document.querySelectorAll("form[data-autosave-url]").forEach(function (form) {
    var timer, last = "";
    var places = document.querySelectorAll("[data-saved]");
    function words(text) {
      places.forEach(function (place) {
        place.querySelector("[data-saved-words]").textContent = text;
        place.classList.toggle("has-words", Boolean(text));
      });
    }
    async function save() {
      var data = new FormData(form);
      // Files go with the form itself: sent every second, one would be there many times.
      Array.from(data.keys()).forEach(function (name) { if (data.get(name) instanceof File) data.delete(name); });
      var now = new URLSearchParams(data).toString();
      if (now === last || form.dataset.sent) return;
      try {
        var answer = await fetch(form.dataset.autosaveUrl, { method: "POST", body: data, headers: { "X-Requested-With": "autosave", Accept: "text/plain" } });
        if (!answer.ok) throw new Error(answer.status);
        last = now;
        words(await answer.text());
      } catch (offline) {
        words(form.dataset.autosaveFailed || "");
      }
    }
    form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(save, 1000); });
    window.addEventListener("visibilitychange", function () { if (document.hidden && timer) save(); });
  });

  // The first thing to correct has the focus.
  var summary = document.querySelector(".prm-errors");
  if (summary) summary.focus();
  document.addEventListener("click", function (event) {
    var link = event.target.closest(".prm-errors a[href^='#']");
    var field = link && document.getElementById(link.getAttribute("href").slice(1));
    if (field) {
      event.preventDefault();
      var fold = field.closest("details");
      if (fold) fold.open = true;
      field.focus();
    }
    var eye = event.target.closest("[data-reveal]");
    if (eye) {
      var input = document.getElementById(eye.dataset.reveal);
      input.type = input.type === "password" ? "text" : "password";
      eye.setAttribute("aria-pressed", String(input.type === "text"));
    }
  });

  // Ctrl+Enter sends the form that has data-main; a select with data-go sends its form at once.
  document.addEventListener("keydown", function (event) {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
    var form = event.target.closest("form") || document.querySelector("form[data-main]");
    if (form && form.method === "post") form.requestSubmit();
  });
  document.addEventListener("change", function (event) {
    if (event.target.matches("[data-go]")) event.target.form.requestSubmit();
  });
})();
