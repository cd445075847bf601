// Closes the open "More" panel on Escape and on a click elsewhere. Everything works without it.
const open = () => document.querySelector("details.more[open]")

document.addEventListener("keydown", (event) => {
  const panel = open()
  if (event.key !== "Escape" || !panel) return
  panel.open = false
  panel.querySelector("summary").focus()
})

document.addEventListener("click", (event) => {
  const panel = open()
  if (panel && !panel.contains(event.target)) panel.open = false
})

// Coverage that the server has received need not be kept on the device any longer.
for (const { dataset } of document.querySelectorAll("[data-received]")) {
  if (localStorage.getItem("coverage-new")?.includes(dataset.received)) localStorage.removeItem("coverage-new");
}
