// A button that copies the text in the field before it. Without it, or without the right to copy, the field is there.
for (const button of document.querySelectorAll("button[data-copy]")) {
  const field = button.previousElementSibling;
  field.addEventListener("focus", () => field.select());
  if (!navigator.clipboard) continue;
  button.hidden = false;
  button.addEventListener("click", async () => {
    try {
      await navigator.clipboard.writeText(field.value);
      button.textContent = button.dataset.done;
    } catch {
      field.focus();
    }
  });
}
