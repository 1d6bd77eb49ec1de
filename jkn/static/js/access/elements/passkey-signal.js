// <passkey-signal>: tells the phone's own list of keys which are still valid, and the owner's name.
// Without a lock nothing is told; browsers that cannot do so do nothing.

class PasskeySignal extends HTMLElement {
  async connectedCallback() {
    if ((await phoneKeys.abilityOf()) !== "able") return;
    const { rpId, userId, ids, name, unknown } = this.dataset;
    this.signal("UnknownCredential", unknown && { rpId, credentialId: unknown });
    const accepted = { rpId, userId, allAcceptedCredentialIds: ids?.split(" ").filter(Boolean) };
    this.signal("AllAcceptedCredentials", userId && accepted);
    this.signal("CurrentUserDetails", userId && { rpId, userId, name, displayName: name });
  }

  signal(what, facts) {
    if (facts) globalThis.PublicKeyCredential?.[`signal${what}`]?.(facts).catch(() => {});
  }
}

customElements.define("passkey-signal", PasskeySignal);
