/* What changes on a page is asked for again from time to time, gently. Without this file there is a link that does it.

   <div data-part="address of the part" data-etag="its mark" data-every="seconds">…</div> <p role="status" data-said></p>
   Inside, [data-on] says what is on: when that changes it is said. No field to type in stands inside. */
(() => {
  const box = document.querySelector("[data-part]"), said = document.querySelector("[data-said]");
  if (!box) return;
  const every = box.dataset.every * 1000;
  let etag = `"${box.dataset.etag}"`, failed = 0, asked = Date.now(), timer;
  const on = () => box.querySelector("[data-on]")?.innerText.trim().replace(/\s+/g, " ") || "";

  /* The button or link with the focus has it again, wherever it is now. */
  const key = each => [each.tagName, each.href || each.formAction, each.value, each.id].join();
  const swap = html => {
    const before = on(), here = box.contains(document.activeElement) && key(document.activeElement);
    box.innerHTML = html;
    if (here) [...box.querySelectorAll("a, button, summary")].find(each => key(each) === here)?.focus({ preventScroll: true });
    if (on() !== before) said.textContent = on();
  };
  const ask = async () => {
    asked = Date.now();
    try {
      const response = await fetch(box.dataset.part, { headers: { "If-None-Match": etag }, cache: "no-store" });
      if (response.ok) {
        swap(await response.text());
        etag = response.headers.get("ETag");
      } else if (response.status !== 304) throw response.status;
      failed = 0;
    } catch { failed = Math.min(failed + 1, 5); }
    wait();
  };
  const wait = () => {
    clearTimeout(timer);
    if (!document.hidden) timer = setTimeout(ask, every * 2 ** failed * (.75 + Math.random() / 2));
  };
  document.addEventListener("visibilitychange", () => {
    wait();
    if (document.hidden || Date.now() - asked < every) return;
    clearTimeout(timer);
    timer = setTimeout(ask, Math.random() * 2000);
  });
  document.querySelectorAll("[data-by-itself]").forEach(each => { each.hidden = false; });
  wait();
})();
