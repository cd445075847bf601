// The rich text editor takes the place of a text area; it must be called what that is called.
document.addEventListener("prose-editor:ready", ({ detail: { editor, textarea } }) => {
  const name = textarea.labels[0]?.textContent.trim().replace(/\s*:$/, "") ?? "";
  editor.setOptions({ editorProps: { attributes: { "aria-label": name, "aria-multiline": "true" } } });
});
