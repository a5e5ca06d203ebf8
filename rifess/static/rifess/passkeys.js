/* Passkeys: the form asks the browser, and takes its answer to the server. Without a browser that can, the form stays hidden. */
(() => {
  const passkeys = window.webauthnJSON;
  if (!passkeys || !passkeys.supported()) return;

  const question = async form => {
    const written = document.getElementById("passkey-question");
    if (written) return JSON.parse(written.textContent);
    const answer = await fetch(form.action, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw answer.status;
    return answer.json();
  };
  const ask = async form => {
    const { creation_options: made, request_options: known } = await question(form);
    if (form.dataset.passkey === "get") return passkeys.get(known);
    const wanted = made.publicKey.authenticatorSelection, alone = form.elements.passwordless?.checked;
    wanted.requireResidentKey = Boolean(alone);
    wanted.residentKey = alone ? "required" : "discouraged";
    if (alone) wanted.userVerification = "required";
    return passkeys.create(made);
  };
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const trouble = form.querySelector("[role=alert]");
    form.hidden = false;
    form.addEventListener("submit", async event => {
      event.preventDefault();
      trouble.hidden = true;
      try {
        form.elements.credential.value = JSON.stringify(await ask(form));
        form.submit();
      } catch { trouble.hidden = false; }
    });
  }
})();
