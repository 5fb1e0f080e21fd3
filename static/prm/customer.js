// The customer of a registration: a suggestion that is pressed fills the form; typing on takes the choice back.
(function () {
  "use strict";
  function field(name) { return document.querySelector("[name=" + name + "]"); }
  function choose(key) {
    var place = document.getElementById("prm-customers");
    field("organization").value = key;
    if (!key) { place.replaceChildren(); return; }
    window.htmx.ajax("GET", "/portal/deals/customers/?organization=" + key, { target: "#prm-customers", swap: "innerHTML" });
  }
  document.addEventListener("click", function (event) {
    var pick = event.target.closest("[data-pick]");
    if (pick) {
      field("customer_name").value = pick.dataset.name;
      if (pick.dataset.city) field("customer_city").value = pick.dataset.city;
      if (pick.dataset.country) field("customer_country").value = pick.dataset.country;
      choose(pick.dataset.pick);
      // The draft is kept with what was picked, as if it had been typed.
      field("customer_city").dispatchEvent(new Event("input", { bubbles: true }));
    }
    if (event.target.closest("[data-unpick]")) {
      choose("");
      field("customer_name").focus();
    }
  });
  document.addEventListener("input", function (event) {
    if (event.target.matches("[data-customer]") && field("organization")) field("organization").value = "";
  });
})();
