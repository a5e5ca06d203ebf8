/* Recordings: nothing leaves this site before the reader asks for it. Without this file the link opens the
   provider's page.

   <figure class="player" data-player="youtube|vimeo|peertube|file" data-id data-host | data-src data-title>
     <a class="player__load" href="provider's page">…</a>
     <template><track kind="captions" srclang="es" label="Español" src="…"></template>   (file only)
   </figure>
   data-src is the embed address or the file; or data-id, with data-host for peertube. Chapters and lines are
   links to ?t=SECONDS; lines of the transcript are li[data-t]. */
(() => {
  const fig = document.querySelector("[data-player]");
  if (!fig) return;
  const $ = (s, r = document) => r && r.querySelector(s), $$ = s => [...document.querySelectorAll(s)];
  const { id, host, title } = fig.dataset;
  const lines = $$("li[data-t]"), pane = $(".transcript__text"), share = $("[data-share]");

  /* ?t=90, ?t=1m30s and #t=90 start there. */
  const seconds = v => {
    const m = /^(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s?)?$/.exec(v || "") || [];
    return (m[1] || 0) * 3600 + (m[2] || 0) * 60 + +(m[3] || 0);
  };
  const param = text => seconds(new URLSearchParams(text).get("t"));
  let seek, now = param(location.search) || param(location.hash.slice(1));

  const pages = {
    youtube: () => "https://www.youtube-nocookie.com/embed/" + id,
    vimeo: () => "https://player.vimeo.com/video/" + id,
    peertube: () => `https://${host}/videos/embed/${id}`,
  };
  const guess = s => /youtu/.test(s) ? "youtube" : /vimeo/.test(s) ? "vimeo" : /\/videos\/embed\//.test(s) ? "peertube" : "file";
  const kind = fig.dataset.player || guess(fig.dataset.src);
  const address = t => {
    const url = new URL(fig.dataset.src || pages[kind](), location);
    const set = values => Object.entries(values).forEach(([k, v]) => url.searchParams.set(k, v));
    if (kind === "youtube") {
      url.hostname = "www.youtube-nocookie.com";
      set({ autoplay: 1, playsinline: 1, rel: 0, enablejsapi: 1, hl: document.documentElement.lang, start: t });
    }
    if (kind === "vimeo") { set({ autoplay: 1, dnt: 1 }); url.hash = `t=${t}s`; }
    if (kind === "peertube") set({ autoplay: 1, warningTitle: 0, p2p: 0, start: t + "s" });
    return url.href;
  };

  const clock = t => [t / 3600, t / 60 % 60, t % 60].map(Math.floor)
    .filter((n, i) => i || n).map((n, i) => i ? ("0" + n).slice(-2) : n).join(":");
  const tick = t => {
    now = Math.floor(t);
    const line = lines.filter(l => +l.dataset.t <= t + .5).pop();
    lines.forEach(l => l.classList.toggle("is-now", l === line));
    if (line && pane && !pane.matches(":hover, :focus-within")) pane.scrollTop = line.offsetTop - pane.offsetTop - 60;
    if (!share) return;
    const link = $("[readonly]", share), from = $("[type=checkbox]", share)?.checked && now;
    if ($("output", share)) $("output", share).textContent = clock(now);
    link.value = link.value.split("?")[0] + (from ? "?t=" + now : "");
  };

  /* Each returns how to go to a second. */
  const watch = video => {
    video.addEventListener("timeupdate", () => tick(video.currentTime));
    return t => { video.currentTime = t; video.play().catch(() => {}); };
  };
  const file = t => {
    const video = Object.assign(document.createElement("video"), { src: address(t), controls: true, autoplay: true });
    const tracks = $("template", fig);
    if (tracks) video.append(tracks.content.cloneNode(true));
    video.addEventListener("loadedmetadata", () => { video.currentTime = t; }, { once: true });
    show(video);
    return watch(video);
  };
  const frame = t => {
    const page = Object.assign(document.createElement("iframe"), {
      src: address(t), title, referrerPolicy: "strict-origin-when-cross-origin",
      allow: "autoplay; encrypted-media; fullscreen; picture-in-picture",
    });
    const origin = new URL(page.src).origin, post = m => page.contentWindow.postMessage(JSON.stringify(m), origin);
    page.addEventListener("load", () => post(kind === "vimeo" ? { method: "addEventListener", value: "timeupdate" } : { event: "listening" }));
    window.addEventListener("message", e => {
      if (e.source !== page.contentWindow || e.origin !== origin) return;
      try {
        const said = typeof e.data === "string" ? JSON.parse(e.data) : e.data;
        tick(said.info?.currentTime ?? said.data?.seconds ?? now);
      } catch { /* Not about time. */ }
    });
    show(page);
    if (kind === "youtube") return s => post({ event: "command", func: "seekTo", args: [s, true] });
    if (kind === "vimeo") return s => post({ method: "setCurrentTime", value: s });
    return s => { page.src = address(s); };
  };
  const show = player => { $(".player__load", fig).replaceWith(player); player.tabIndex = -1; player.focus(); };
  const play = t => { if (seek) seek(t); else seek = kind === "file" ? file(t) : frame(t); };

  const native = $("video", fig);
  if (native) {
    seek = watch(native);
    if (now) native.addEventListener("loadedmetadata", () => { native.currentTime = now; }, { once: true });
  }
  document.addEventListener("click", e => {
    const a = e.target.closest("a"), to = a && /^\?t=(\d+)/.exec(a.getAttribute("href"));
    if (e.defaultPrevented || e.button || e.ctrlKey || e.metaKey || e.shiftKey || !(to || a?.matches(".player__load"))) return;
    e.preventDefault();
    if (to) { tick(+to[1]); history.replaceState(0, "", to[0]); }
    play(now);
  });
  const choice = $(".choice", share);
  if (choice) choice.hidden = false;
  if (share) share.addEventListener("change", () => tick(now));
  if (now) tick(now);
})();
