// Writing coverage on a phone: what is typed is kept on the device until it was sent, and pictures are made small
// before they travel. The form works without any of this.
const LONGEST = 2000; // pixels
const SMALL_ENOUGH = 400_000; // bytes

const form = document.getElementById("coverage-form");
const slot = `coverage-${form.dataset.keep}`;
const key = form.querySelector("input[name=client_key]");
const fields = [...form.querySelectorAll("input[name=headline], textarea[name=body], input[name=link], select[name=event]")];
const status = form.querySelector("[data-status]");

function say(words, shape = "state") {
  const mark = document.createElement("span");
  mark.className = shape;
  mark.textContent = words;
  status.replaceChildren(mark);
}

function stored() {
  try {
    return JSON.parse(localStorage.getItem(slot));
  } catch {
    return null;
  }
}

function keep() {
  const typed = Object.fromEntries(fields.map((field) => [field.name, field.value]));
  const { saved = "" } = form.dataset;
  try {
    localStorage.setItem(slot, JSON.stringify({ saved, key: key?.value, typed }));
  } catch {
    // a full or forbidden store: the draft on the server remains
  }
}

// What was typed but never reached the server comes back; with its key, so that sending it again makes no second draft.
function restore() {
  const last = stored();
  if (!last) return;
  if (last.saved !== (form.dataset.saved ?? "")) {
    localStorage.removeItem(slot);
    return;
  }
  const differing = fields.filter((field) => field.name in last.typed && field.value !== last.typed[field.name]);
  for (const field of differing) field.value = last.typed[field.name];
  if (key && last.key) key.value = last.key;
  if (differing.length) say(form.dataset.restored);
}

async function shrunk(file) {
  try {
    const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    if (scale === 1 && file.size < SMALL_ENOUGH) return { file, canvas };
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.85));
    const name = file.name.replace(/\.\w+$/, "") + ".jpg";
    return { file: blob && blob.size < file.size ? new File([blob], name, { type: "image/jpeg" }) : file, canvas };
  } catch {
    return { file, canvas: null }; // a kind that this browser cannot open, such as HEIC: the server can
  }
}

function row({ file, canvas }, number, label) {
  const line = document.createElement("div");
  line.className = "photo-row";
  const thumb = document.createElement("canvas");
  thumb.width = thumb.height = 88;
  if (canvas) {
    const side = Math.min(canvas.width, canvas.height);
    thumb.getContext("2d").drawImage(canvas, (canvas.width - side) / 2, (canvas.height - side) / 2, side, side, 0, 0, 88, 88);
  }
  const field = document.createElement("div");
  field.className = "field";
  const name = document.createElement("label");
  name.textContent = label.replace("{number}", number);
  name.htmlFor = `photo-alt-${number}`;
  const input = Object.assign(document.createElement("input"), { type: "text", name: "photo_alt", id: name.htmlFor, maxLength: 250 });
  const note = document.createElement("p");
  note.className = "row fine quiet";
  note.textContent = `${file.name}, ${Math.max(1, Math.round(file.size / 1000))} kB`;
  field.append(name, input);
  line.append(thumb, field, note);
  return line;
}

async function choose(event) {
  const input = event.target;
  const pictures = await Promise.all([...input.files].map(shrunk));
  const files = new DataTransfer();
  for (const { file } of pictures) files.items.add(file);
  input.files = files.files;
  form.querySelector(".photos-chosen")?.remove();
  const list = document.createElement("div");
  list.className = "photos-chosen";
  const kept = form.querySelectorAll(".photo-row").length;
  list.append(...pictures.map((picture, place) => row(picture, kept + place + 1, form.dataset.alt)));
  input.closest(".field").before(list);
}

for (const field of fields) field.addEventListener("input", keep);
form.querySelector("input[name=photos]").addEventListener("change", choose);
restore();
