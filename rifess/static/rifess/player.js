/* Recordings: nothing leaves this site before the reader asks for it. Without this file every link opens the
   provider's page at its second, or this page at it.

   <figure data-player="youtube|vimeo|peertube|file" data-src="what plays" data-start="90" data-end="125" data-later="300">
     <a class="player__load" href="provider's page">…</a>
     <template><video>…</video></template>   (file only)
   Seconds are the recording's; the source's clock shows data-later more. A link to this page that ends in #play goes
   to its ?t=. Lines of the transcript are span[id=t90]. Links with data-keep take the present second along. */
(() => {
  const $ = (s, r = document) => r && r.querySelector(s), $$ = s => [...document.querySelectorAll(s)];
  const fig = $("[data-player]"), pane = $(".transcript__text"), share = $("[data-share]"), passage = $(".passage");
  const { player: kind, src, title, start = 0, later = 0 } = fig ? fig.dataset : {};
  const lines = $$(".transcript__text span[id]"), marks = $$(".chapters a");
  const second = line => +line.id.slice(1), asked = a => parseInt(new URLSearchParams(a.search).get("t")) || 0;
  let now = +start, end = +(fig && fig.dataset.end) || 0, seek, pause;

  /* Where the recording is now. */
  const clock = t => [t / 3600, t / 60 % 60, t % 60].map(Math.floor)
    .filter((n, i) => i || n).map((n, i) => i ? ("0" + n).slice(-2) : n).join(":");
  const point = (list, when) => {
    const here = list.findLast(each => when(each) <= now);
    if (here && here.ariaCurrent) return;
    list.forEach(each => { each.ariaCurrent = each === here ? "true" : null; });
    return here;
  };
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const tick = (t, arriving) => {
    now = Math.max(0, Math.floor(t - later));
    if (end && now >= end) { end = 0; if (pause) pause(); }
    point(marks, asked);
    const line = point(lines, second);
    if (line && (arriving || !still && !pane.matches(":hover, :focus-within"))) pane.scrollTop = line.offsetTop - pane.clientHeight / 3;
    if ($("output", share)) {
      $("output", share).textContent = clock(now);
      if ($("[type=checkbox]", share).checked) link(now);
    }
  };

  /* The link that does not change, to a second or a passage. */
  const field = $("#permanent"), base = field && field.value.split("?")[0];
  const link = moment => { field.value = base + (moment ? "?t=" + moment : ""); };
  const copy = $("button", passage), label = copy && copy.textContent;
  const cite = moment => {
    passage.hidden = !moment;
    if (moment && !field.value.endsWith("?t=" + moment)) { link(moment); copy.textContent = label; }
  };
  const endOf = line => line.nextElementSibling?.id ? second(line.nextElementSibling)
    : $(".cite-it", line.closest("li")).search.split(/,|%2C/)[1];
  if (passage) {
    document.addEventListener("selectionchange", () => {
      const chosen = getSelection(), some = chosen.isCollapsed ? [] : lines.filter(line => chosen.containsNode(line, true));
      cite(some.length && `${second(some[0])},${endOf(some.at(-1))}`);
    });
    copy.addEventListener("mousedown", e => e.preventDefault());
  }

  /* Each player says how to go to a second of its own clock, and how to stop. */
  const show = player => { $(".player__load").replaceWith(player); player.tabIndex = -1; player.focus(); };
  const file = t => {
    const media = $("template", fig).content.firstElementChild.cloneNode(true);
    seek = s => { media.currentTime = s; media.play().catch(() => {}); };
    pause = () => media.pause();
    media.addEventListener("loadedmetadata", () => seek(t), { once: true });
    media.addEventListener("timeupdate", () => tick(media.currentTime));
    media.src = src.split("#")[0];
    show(media);
  };
  const address = t => {
    const url = new URL(src);
    url.searchParams.set("autoplay", 1);
    if (kind === "vimeo") url.hash = `t=${t}s`;
    else if (t !== Math.max(0, +start + +later)) {
      ["end", "stop"].forEach(word => url.searchParams.delete(word));
      url.searchParams.set("start", kind === "youtube" ? t : t + "s");
    }
    return url.href;
  };
  const frame = t => {
    const page = Object.assign(document.createElement("iframe"), {
      src: address(t), title, referrerPolicy: "strict-origin-when-cross-origin",
      allow: "autoplay; encrypted-media; fullscreen; picture-in-picture",
    });
    const origin = new URL(page.src).origin, post = m => page.contentWindow.postMessage(JSON.stringify(m), origin);
    seek = s => { page.src = address(s); };
    if (kind === "youtube") seek = s => post({ event: "command", func: "seekTo", args: [s, true] });
    if (kind === "vimeo") {
      seek = s => post({ method: "setCurrentTime", value: s });
      pause = () => post({ method: "pause" });
    }
    page.addEventListener("load", () => post(kind === "vimeo" ? { method: "addEventListener", value: "timeupdate" } : { event: "listening" }));
    window.addEventListener("message", e => {
      if (e.source !== page.contentWindow || e.origin !== origin) return;
      try {
        const said = typeof e.data === "string" ? JSON.parse(e.data) : e.data;
        const t = said.info?.currentTime ?? said.data?.seconds;
        if (t !== undefined) tick(t);
      } catch { /* Not about time. */ }
    });
    show(page);
  };
  const play = t => {
    const there = Math.max(0, t + +later);
    if (seek) seek(there); else (kind === "file" ? file : frame)(there);
    tick(t + +later);
  };

  document.addEventListener("click", e => {
    if (e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || e.altKey) return;
    const a = e.target.closest("a"), line = !a && getSelection().isCollapsed && e.target.closest(".transcript__text span[id]");
    if (a?.matches(".cite-it") && passage) {
      e.preventDefault();
      getSelection().selectAllChildren($("p", a.parentNode));
      cite(a.search.slice(3));
      copy.click();
    } else if (a && "keep" in a.dataset) {
      const url = new URL(a);
      if (now) url.searchParams.set("t", now);
      if (seek) url.hash = "play";
      a.href = url;
    } else if (fig && a?.matches(".player__load")) {
      e.preventDefault();
      play(now);
    } else if (fig && (line || a?.hash === "#play" && a.pathname === location.pathname)) {
      const url = new URL(location), t = line ? second(line) : asked(a);
      e.preventDefault();
      url.searchParams.set("t", t);
      url.hash = "";
      end = 0;
      history.replaceState(0, "", url);
      play(t);
    }
  });
  if ($(".choice", share)) {
    $(".choice", share).hidden = false;
    share.addEventListener("change", e => link(e.target.checked && now));
  }
  if (now) tick(now + +later, true);
  if (fig && location.hash === "#play") {
    history.replaceState(0, "", location.pathname + location.search);
    if (document.referrer.startsWith(location.origin + "/")) play(now);
  }
})();
