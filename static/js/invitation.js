// A person is here: the first key or press that the browser itself vouches for is told to the portal, once. Programs that
// only fetch the page, even those that run its scripts, tell nothing. Whoever presses a button is counted by that.
const form = document.querySelector("form[data-opened]");
const acts = ["pointerdown", "pointerup", "keydown"];

function tell(event) {
  if (!event.isTrusted || !navigator.userActivation?.hasBeenActive) return;
  for (const act of acts) removeEventListener(act, tell, true);
  const body = new URLSearchParams({ csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
  fetch(form.dataset.opened, { method: "POST", body, keepalive: true }).catch(() => {}); // their answer will tell
}

if (form) for (const act of acts) addEventListener(act, tell, true);
