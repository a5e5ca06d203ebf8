/* Enhancement only: pages work without it; texts come from the HTML. */
(() => {
  const $ = (s, r = document) => r.querySelector(s), $$ = (s, r = document) => [...r.querySelectorAll(s)];
  const on = (el, type, fn) => el.addEventListener(type, fn);
  const el = (tag, props) => Object.assign(document.createElement(tag), props);
  const live = document.body.appendChild(el("p", { className: "sr" }));
  live.setAttribute("role", "status");
  const say = text => { live.textContent = text; };
  /* What fails in one browser stops nothing else. */
  const each = (found, enhance) => found.forEach(e => { try { enhance(e); } catch (error) { console.error(error); } });

  /* Language: a choice made by hand is kept for the next visit to an address without a language. */
  each($$(".langs a[hreflang]"), a => on(a, "click", () => {
    document.cookie = `django_language=${a.hreflang.toLowerCase()}; path=/; SameSite=Lax`;
  }));

  /* Lists: swap the results from the same URL; fields stay in place, focus too. */
  const load = async (url, sel) => {
    const box = $(sel);
    box.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(url);
      if (!answer.ok) throw answer.status;
      const doc = new DOMParser().parseFromString(await answer.text(), "text/html");
      box.replaceChildren(...$(sel, doc).childNodes);
      document.title = doc.title;
      history.pushState(0, "", url);
      say($("[role=status]", box)?.textContent || "");
    } catch { location = url; }
    box.removeAttribute("aria-busy");
  };
  on(document, "submit", e => {
    const f = e.target;
    if (f.dataset.partial && $(f.dataset.partial)) {
      e.preventDefault();
      load("?" + new URLSearchParams([...new FormData(f)].filter(([, v]) => v)), f.dataset.partial);
    }
    if ("once" in f.dataset) setTimeout(() => $$("[type=submit]", f).forEach(b => { b.disabled = true; }));
  });
  on(document, "change", e => { if (e.target.matches("[data-partial] :is(select, [type=checkbox])")) e.target.form.requestSubmit(); });
  if ($("[data-partial]")) on(window, "popstate", () => location.reload());
  /* Back from the browser's memory: a form barred at sending can be sent again. */
  on(window, "pageshow", e => { if (e.persisted) $$("[data-once] [type=submit]").forEach(b => { b.disabled = false; }); });

  /* Times: each is written in the seminar's city; beside it stands the hour in the browser's zone, or in the city chosen. */
  const lang = document.documentElement.lang;
  const clock = (d, timeZone) => d.toLocaleTimeString(lang, { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const day = (d, timeZone) => d.toLocaleDateString("sv", { timeZone });
  const called = timeZone => {
    const name = timeZoneName => new Intl.DateTimeFormat(lang, { timeZone, timeZoneName })
      .formatToParts().find(part => part.type === "timeZoneName").value;
    try { return name("longGeneric"); } catch { return name("long"); }
  };
  const sayIn = (e, zone, words) => {
    const alone = "dateTime" in e, times = alone ? [e] : $$("time", e), home = times[0].dateTime;
    const moments = times.map(t => new Date(t.dateTime)), on = day(moments[0], zone), at = home.slice(0, 10);
    $("[data-there]", e)?.remove();
    if (on === at && clock(moments[0], zone) === home.slice(11, 16)) return;
    const [next, before] = e.dataset.here.split("|"), other = on > at ? next : on < at && before;
    const text = words.replace("{hour}", moments.map(d => clock(d, zone)).join(" – ")) + (other ? ` (${other})` : "");
    const there = el("span", { textContent: alone ? ` · ${text}` : text });
    there.dataset.there = "";
    if (!alone) there.prepend(el("br"));
    e.append(there);
  };
  const mine = window.Intl?.DateTimeFormat().resolvedOptions().timeZone, known = new URLSearchParams(location.search).has("zone");
  if (mine && !known) each($$("[data-here]"), e => $("[data-there]", e) || sayIn(e, mine, `{hour}, ${called(mine)}`));
  each($$("form[data-zone]"), f => {
    const pick = $("select", f), own = pick.value, hours = $$("[data-here]", f.closest("[data-times]"));
    const show = () => hours.forEach(e => sayIn(e, pick.value, f.dataset.zone.replace("{city}", pick.selectedOptions[0].text)));
    $("button", f).hidden = true;
    on(f, "submit", e => e.preventDefault());
    on(pick, "change", () => { show(); say(pick.selectedOptions[0].text); });
    if ([...pick.options].some(o => o.value === mine) && !known && pick.options[0].selected && mine !== own) {
      pick.value = mine;
      show();
    }
  });

  each($$("[data-copy]"), b => {
    b.hidden = !navigator.clipboard;
    on(b, "click", async () => {
      const from = $(b.dataset.copy);
      try {
        await navigator.clipboard.writeText(from.value || from.textContent.trim());
        say(b.textContent = b.dataset.done);
      } catch { from.select ? from.select() : getSelection().selectAllChildren(from); } /* refused: it can be copied by hand */
    });
  });
  each($$("[data-print]"), b => { b.hidden = false; on(b, "click", () => print()); });
  each($$("[data-count]"), t => {
    const p = el("p", { className: "hint" }), show = () => { p.textContent = t.dataset.count + (t.maxLength - t.value.length); };
    t.after(p);
    on(t, "input", show);
    show();
  });
  $(".summary")?.focus();
})();
