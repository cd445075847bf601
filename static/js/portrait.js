// A new portrait: made small before it travels, and the square that is kept chosen by dragging or by three ranges.
// The form works without any of this: then the middle of the picture is kept.
const LONGEST = 1600; // pixels
const CLOSEST = 4; // times

const part = document.querySelector("[data-portrait]");
const input = part.querySelector("input[type=file]");
const cut = part.querySelector("input[name=cut]");
const crop = part.querySelector("[data-crop]");
const said = part.querySelector("[data-crop-said]");
const stage = crop.querySelector("canvas");
const [zoom, across, down] = ["zoom", "x", "y"].map((name) => crop.querySelector(`[data-crop-${name}]`));
let picture = null; // a canvas with the whole picture

async function shrunk(file) {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(bitmap.width, bitmap.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(bitmap.width * scale));
  canvas.height = Math.max(1, Math.round(bitmap.height * scale));
  canvas.getContext("2d").drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", 0.88));
  const name = file.name.replace(/\.\w+$/, "") + ".jpg";
  return { canvas, file: blob && blob.size < file.size ? new File([blob], name, { type: "image/jpeg" }) : file };
}

// The square in pixels of the picture: its left upper corner and its side.
function square() {
  const side = Math.min(picture.width, picture.height) / CLOSEST ** (zoom.value / 100);
  return { side, left: (picture.width - side) * (across.value / 100), top: (picture.height - side) * (down.value / 100) };
}

function show() {
  const { side, left, top } = square();
  stage.getContext("2d").drawImage(picture, left, top, side, side, 0, 0, stage.width, stage.height);
  const parts = [left / picture.width, top / picture.height, side / Math.min(picture.width, picture.height)];
  cut.value = parts.map((number) => number.toFixed(5)).join(" ");
}

function push(range, by) {
  range.value = Number(range.value) + by;
}

// Moves the picture under the square by so many pixels of the screen.
function drag(dx, dy) {
  const { side } = square();
  const scale = side / stage.clientWidth;
  if (picture.width > side) push(across, (-dx * scale * 100) / (picture.width - side));
  if (picture.height > side) push(down, (-dy * scale * 100) / (picture.height - side));
  show();
}

function forget(words = "") {
  picture = null;
  cut.value = "";
  crop.hidden = true;
  said.textContent = words;
}

async function choose() {
  const [original] = input.files;
  forget();
  if (!original) return;
  try {
    const { canvas, file } = await shrunk(original);
    if (input.files[0] !== original) return; // another one was chosen meanwhile
    const files = new DataTransfer();
    files.items.add(file);
    input.files = files.files;
    picture = canvas;
  } catch {
    forget(part.dataset.unseen); // a kind that this browser cannot open, such as HEIC: the server can
    return;
  }
  [zoom.value, across.value, down.value] = [0, 50, 40];
  crop.hidden = false;
  show();
}

let last = null; // where the finger was

stage.addEventListener("pointerdown", (event) => {
  stage.setPointerCapture(event.pointerId);
  last = event;
});
stage.addEventListener("pointermove", (event) => {
  if (!last || last.pointerId !== event.pointerId) return;
  drag(event.clientX - last.clientX, event.clientY - last.clientY);
  last = event;
});
for (const end of ["pointerup", "pointercancel"]) stage.addEventListener(end, () => (last = null));
for (const range of [zoom, across, down]) {
  range.step = "any";
  range.addEventListener("input", show);
}
input.addEventListener("change", choose);
if (input.files.length) choose(); // a browser may have kept it over a reload
