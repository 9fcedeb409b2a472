/* Previews, crops and resizes a picture before the upload. Without this file it is sent unchanged, up to 3 MB. */

const SIDE = 512;
const STEP = 0.05;
const input = document.querySelector('#file');
const crop = document.querySelector('.crop');
const canvas = crop.querySelector('canvas');
const zoom = crop.querySelector('input');
const drawing = canvas.getContext('2d');

/** The chosen picture, and the part of it that is shown: 0 is the left or top edge, 1 the right or bottom edge. */
let picture;
let x = 0.5;
let y = 0.5;

const within = (share) => Math.min(1, Math.max(0, share));

function draw() {
  const side = Math.min(picture.width, picture.height) / zoom.value;
  // a picture with transparent parts becomes a JPEG, which has none
  drawing.fillStyle = '#ffffff';
  drawing.fillRect(0, 0, SIDE, SIDE);
  drawing.drawImage(
    picture,
    (picture.width - side) * x,
    (picture.height - side) * y,
    side,
    side,
    0,
    0,
    SIDE,
    SIDE,
  );
}

function move(right, down) {
  x = within(x - right);
  y = within(y - down);
  draw();
}

input.addEventListener('change', async () => {
  crop.hidden = true;
  picture = undefined;
  const [file] = input.files;
  if (!file) return;
  // a file that is not a picture is sent too, and the server reports the error
  picture = await createImageBitmap(file).catch(() => undefined);
  if (!picture) return;
  x = 0.5;
  y = 0.5;
  zoom.value = 1;
  crop.hidden = false;
  draw();
});

zoom.addEventListener('input', draw);
canvas.addEventListener('pointerdown', ({ pointerId }) => canvas.setPointerCapture(pointerId));
canvas.addEventListener('pointermove', ({ buttons, movementX, movementY }) => {
  if (buttons) move(movementX / canvas.clientWidth, movementY / canvas.clientHeight);
});
canvas.addEventListener('keydown', (event) => {
  const directions = {
    ArrowLeft: [STEP, 0],
    ArrowRight: [-STEP, 0],
    ArrowUp: [0, STEP],
    ArrowDown: [0, -STEP],
  };
  const direction = directions[event.key];
  if (!direction) return;
  event.preventDefault();
  move(...direction);
});

input.form.addEventListener('submit', (event) => {
  if (!picture) return;
  event.preventDefault();
  picture = undefined;
  canvas.toBlob(
    (blob) => {
      const chosen = new DataTransfer();
      chosen.items.add(new File([blob], 'picture.jpg', { type: 'image/jpeg' }));
      input.files = chosen.files;
      input.form.submit();
    },
    'image/jpeg',
    0.9,
  );
});
