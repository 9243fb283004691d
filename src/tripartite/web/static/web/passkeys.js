/* Passkeys: the question of the page is put to the browser, and its answer is sent with the form. */
"use strict";

(() => {
  const REFUSED = {
    NotAllowedError: "Rien n'a été confirmé. Réessayez, ou utilisez un autre moyen.",
    InvalidStateError: "Cette clé d'accès est déjà enregistrée pour votre compte.",
    SecurityError: "Le navigateur refuse les clés d'accès à cette adresse.",
  };
  const able = Boolean(
    window.PublicKeyCredential?.parseCreationOptionsFromJSON && PublicKeyCredential.parseRequestOptionsFromJSON,
  );

  const answerOf = async (form) => {
    const asked = JSON.parse(form.dataset.question);
    return form.dataset.passkey === "new"
      ? navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(asked) })
      : navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(asked) });
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const button = form.querySelector("[data-ask]");
    const words = form.querySelector("[role=status]");
    if (!able) {
      words.textContent = "Ce navigateur est trop ancien pour les clés d'accès : utilisez un autre moyen.";
      continue;
    }
    words.textContent = "";
    button.hidden = false;
    button.addEventListener("click", async () => {
      if (!form.reportValidity()) return;
      button.disabled = true;
      words.textContent = "Suivez ce que demande le navigateur.";
      try {
        const credential = await answerOf(form);
        form.elements.namedItem("answer").value = JSON.stringify(credential.toJSON());
        form.requestSubmit();
      } catch (error) {
        words.textContent = REFUSED[error.name] ?? "La clé d'accès n'a pas répondu. Réessayez, ou utilisez un autre moyen.";
        button.disabled = false;
      }
    });
  }
})();
