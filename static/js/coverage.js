// Writing coverage on a phone: what is typed is kept on the device until it was sent, and pictures are made small
// before they travel. The form works without any of this.
const LONGEST = 2000; // pixels
const SMALL_ENOUGH = 400_000; // bytes

const form = document.getElementById("coverage-form");
const slot = `coverage-${form.dataset.keep}`;
const key = form.querySelector("input[name=client_key]");
const fields = [...form.querySelectorAll("input[name=headline], textarea[name=body], input[name=link], select[name=event]")];
const status = form.querySelector("[data-status]");
const photos = form.querySelector("input[name=photos]");
const rows = document.createElement("div");
rows.className = "photos-chosen";
const chosen = []; // pictures not sent yet, each with its row; every choice adds to them

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

function made(kind, properties, ...parts) {
  const element = Object.assign(document.createElement(kind), properties);
  element.append(...parts);
  return element;
}

// A chosen picture: its file as it will travel, and the row that shows it.
function picture(original) {
  const thumb = made("canvas", { width: 88, height: 88 });
  const label = made("label");
  const alt = made("input", { type: "text", name: "photo_alt", maxLength: 250 });
  const size = made("span");
  const remove = made("button", { type: "button", className: "button button-quiet button-small", textContent: form.dataset.remove });
  const words = made("div", { className: "field" }, label, alt);
  const note = made("p", { className: "row fine quiet" }, size, remove);
  const row = made("div", { className: "photo-row" }, thumb, words, note);
  const one = {
    row,
    remove,
    show(file, canvas) {
      one.file = file;
      size.textContent = `${file.name}, ${Math.max(1, Math.round(file.size / 1000))} kB`;
      if (!canvas) return;
      const side = Math.min(canvas.width, canvas.height);
      const corner = [(canvas.width - side) / 2, (canvas.height - side) / 2];
      thumb.getContext("2d").drawImage(canvas, ...corner, side, side, 0, 0, 88, 88);
    },
    number(place) {
      label.textContent = form.dataset.alt.replace("{number}", place);
      label.id = `photo-alt-${place}-label`;
      label.htmlFor = alt.id = `photo-alt-${place}`;
      remove.setAttribute("aria-describedby", label.id);
    },
  };
  remove.addEventListener("click", () => drop(one));
  one.show(original);
  return one;
}

// The form sends what was chosen, in the order of the rows.
function carry() {
  const files = new DataTransfer();
  for (const { file } of chosen) files.items.add(file);
  photos.files = files.files;
}

function list() {
  const sent = form.querySelectorAll(".photo-row").length - rows.children.length;
  for (const row of [...rows.children]) if (!chosen.some((one) => one.row === row)) row.remove();
  chosen.forEach((one, place) => {
    one.number(sent + place + 1);
    if (!one.row.isConnected) rows.append(one.row); // the others stay where they are, one may have the focus
  });
}

function drop(one) {
  const place = chosen.indexOf(one);
  chosen.splice(place, 1);
  carry();
  list();
  (chosen[place] ?? chosen.at(-1))?.remove.focus();
  if (!chosen.length) photos.focus();
}

async function choose() {
  const added = [...photos.files].map(picture);
  chosen.push(...added);
  carry(); // at once, and as they are: who sends the form now loses nothing
  await Promise.all(added.map(async (one) => {
    const { file, canvas } = await shrunk(one.file);
    one.show(file, canvas);
  }));
  carry();
  list();
}

for (const field of fields) field.addEventListener("input", keep);
photos.addEventListener("change", choose);
photos.closest(".field").before(rows);
if (photos.files.length) choose(); // a browser may have kept them over a reload
restore();
// The page that answers a first saving has the address of an empty form: opened again, it shall show the draft.
if (form.dataset.saved && location.pathname !== new URL(form.action).pathname) history.replaceState(null, "", form.action);
