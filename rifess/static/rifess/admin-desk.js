// Django's autocompletes (select2) say the name of their field to whoever hears the page.
"use strict";
{
  const nameOf = (select) => document.querySelector(`label[for="${select.id}"]`);

  function nameAutocomplete(select) {
    const label = nameOf(select), box = select.nextElementSibling;
    if (!label || !box?.classList.contains("select2")) return;
    label.id ||= `${select.id}-label`;
    const shown = box.querySelector(".select2-selection__rendered");
    box.querySelector(".select2-selection")?.setAttribute("aria-labelledby", `${label.id} ${shown?.id ?? ""}`.trim());
    if (shown?.getAttribute("role") === "textbox") shown.setAttribute("aria-labelledby", label.id);
    box.querySelector(".select2-search__field")?.setAttribute("aria-labelledby", label.id);
    // Among the chosen, select2 puts a button that drops them all: a list has only items.
    box.querySelectorAll("ul.select2-selection__rendered > span").forEach((span) => span.setAttribute("role", "listitem"));
  }

  const nameAll = () => document.querySelectorAll("select.admin-autocomplete").forEach(nameAutocomplete);
  // select2 comes when it likes: after the page, with a row that is added, again with each choice.
  new MutationObserver(nameAll).observe(document.documentElement, { childList: true, subtree: true });
  document.addEventListener("focusin", ({ target }) => {
    if (!target.matches(".select2-dropdown .select2-search__field")) return;
    const open = document.querySelector(".select2-container--open")?.previousElementSibling;
    const label = open && nameOf(open);
    if (label) target.setAttribute("aria-label", label.textContent.trim());
  });
}
