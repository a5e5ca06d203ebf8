// At the door: a tap lets somebody in without leaving the page, also without a connection; the camera reads codes.
// What waits on this device are numbers of registrations and moments: no names.
"use strict";
{
  const root = document.querySelector(".door[data-door]");
  const said = root.querySelector("[data-said]"), key = `taps:${root.dataset.door}`;

  // Where the browser has no storage for us, or it is full, taps wait in this page, and leaving it asks first.
  let inPage = null;
  function waiting() {
    try {
      return inPage ?? JSON.parse(localStorage.getItem(key) ?? "[]");
    } catch {
      return inPage = [];
    }
  }
  function keep(taps) {
    if (inPage) { inPage = taps; return; }
    try {
      if (taps.length) localStorage.setItem(key, JSON.stringify(taps)); else localStorage.removeItem(key);
    } catch {
      inPage = taps;
    }
  }
  window.addEventListener("beforeunload", (event) => { if (inPage?.length) event.preventDefault(); });

  function show(form, since) {
    const person = form.parentElement;
    person.querySelectorAll("[data-tap]").forEach((each) => { each.hidden = each === form; });
    person.querySelector("[data-since]").textContent = since;
    person.querySelector("[data-tap]:not([hidden]) button").focus();
  }

  // Whether the tap has arrived, in whatever way it was answered.
  async function send(tap) {
    const body = new FormData();
    Object.entries(tap).forEach(([name, value]) => body.set(name, value));
    body.set("sent", Math.floor(Date.now() / 1000)); // how long the tap waited is known also where the clock is wrong
    body.set("csrfmiddlewaretoken", root.querySelector("[name=csrfmiddlewaretoken]").value);
    const response = await fetch(root.dataset.door, { method: "POST", body, headers: { Accept: "application/json" } });
    if (!response.headers.get("Content-Type")?.startsWith("application/json")) {
      said.textContent = root.dataset.signIn;
      return null;
    }
    const answer = await response.json();
    said.textContent = answer.said;
    root.querySelector("[data-inside]").textContent = answer.inside;
    return answer;
  }

  let sending = false;
  async function sendWaiting() {
    if (sending) return;
    sending = true;
    try {
      for (let taps = waiting(); taps.length; taps = waiting()) {
        if (await send(taps[0]) === null) break;
        keep(waiting().slice(1));
      }
    } catch {
      said.textContent = root.dataset.waits;
    }
    sending = false;
  }

  root.addEventListener("submit", async (event) => {
    const form = event.target.closest("[data-tap]");
    if (!form) return;
    event.preventDefault();
    const tap = { registration: form.elements.registration.value, act: form.dataset.tap, at: Math.floor(Date.now() / 1000) };
    try {
      if (waiting().length) throw new Error("in their order");
      const answer = await send(tap);
      if (answer?.done) show(form, "");
    } catch {
      keep([...waiting(), tap]);
      show(form, "…");
      said.textContent = root.dataset.waits;
      sendWaiting();
    }
  });
  window.addEventListener("online", sendWaiting);
  setInterval(sendWaiting, 30_000);
  sendWaiting();

  const button = root.querySelector("[data-scan]"), video = root.querySelector("[data-camera]");
  button.hidden = !("BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia);
  button.addEventListener("click", async () => {
    try {
      const detector = new BarcodeDetector({ formats: ["qr_code"] });
      video.srcObject = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.hidden = false;
      await video.play();
      look(detector);
    } catch {
      said.textContent = root.dataset.noCamera;
    }
  });

  async function look(detector) {
    for (const { rawValue } of await detector.detect(video)) {
      const code = rawValue.match(/\/([^/?#]+:[\w-]+)\/?$/)?.[1];
      if (code) {
        video.srcObject.getTracks().forEach((track) => track.stop());
        location.assign(`${root.dataset.door}${encodeURIComponent(code)}/`);
        return;
      }
    }
    setTimeout(() => look(detector), 250);
  }
}
