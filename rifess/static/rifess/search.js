/* Search boxes: while somebody types, what it could be. Without this they are plain forms. */
(() => {
  let number = 0;
  const wire = box => {
    const list = document.createElement("ul"), own = `suggest${number++}`;
    let timer, at = -1;
    list.id = own;
    list.className = "suggest";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", box.labels[0].textContent);
    box.after(list);
    const set = (name, value) => box.setAttribute(`aria-${name}`, value), options = () => [...list.children];
    const shut = () => { list.hidden = true; at = -1; set("expanded", false); box.removeAttribute("aria-activedescendant"); };
    const go = option => { location = option.dataset.url; };
    const mark = to => {
      const all = options();
      at = (to + all.length) % all.length;
      all.forEach((option, i) => option.setAttribute("aria-selected", i === at));
      all[at].scrollIntoView({ block: "nearest" });
      set("activedescendant", all[at].id);
    };
    const ask = async () => {
      const words = box.value.trim();
      if (words.length < 3) return shut();
      const answer = await fetch(`${box.dataset.suggest}?${new URLSearchParams({ q: words })}`).catch(() => 0);
      if (!answer.ok || words !== box.value.trim() || document.activeElement !== box) return;
      list.innerHTML = await answer.text();
      options().forEach((option, i) => { option.id = `${own}-${i}`; });
      shut();
      if (list.children.length) { list.hidden = false; set("expanded", true); }
    };
    box.setAttribute("role", "combobox");
    set("autocomplete", "list");
    set("controls", own);
    shut();
    box.form.addEventListener("formdata", e => [...e.formData].forEach(([name, value]) => value || e.formData.delete(name)));
    box.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, 200); });
    box.addEventListener("blur", shut);
    box.addEventListener("keydown", e => {
      if (list.hidden) { if (e.key === "ArrowDown") ask(); return; }
      if (e.key === "ArrowDown") mark(at + 1);
      else if (e.key === "ArrowUp") mark(at < 0 ? -1 : at - 1);
      else if (e.key === "Escape") shut();
      else if (e.key === "Enter" && at >= 0) go(options()[at]);
      else return;
      e.preventDefault();
    });
    list.addEventListener("mousedown", e => e.preventDefault());
    list.addEventListener("click", e => { const option = e.target.closest("li"); if (option) go(option); });
  };
  document.querySelectorAll("[data-suggest]").forEach(wire);
})();
