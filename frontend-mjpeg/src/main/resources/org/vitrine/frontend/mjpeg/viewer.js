'use strict';

// The page's name for itself: what it holds down in the guest is released when its stream ends.
const page = Array.from(crypto.getRandomValues(new Uint8Array(12)), b => b.toString(16).padStart(2, '0')).join('');
const byId = id => document.getElementById(id);
const canvas = byId('screen');
const stage = byId('stage');
const pen = canvas.getContext('2d', { alpha: false });
let typing = document.documentElement.dataset.input === 'on';
let connected = false;

// The picture. The stream is read here and not by an <img>, so that the page knows what it shows.

const shown = { frames: 0, bytes: 0, since: performance.now() };

function describe(state, good) {
  connected = good;
  byId('state').textContent = state;
  byId('lamp').className = 'lamp ' + (good ? 'on' : 'off');
}

async function show(jpeg) {
  const image = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
  if (canvas.width !== image.width || canvas.height !== image.height) {
    canvas.width = image.width;
    canvas.height = image.height;
    fit();
  }
  pen.drawImage(image, 0, 0);
  image.close();
  byId('size').textContent = canvas.width + '×' + canvas.height;
  if (!connected) {
    describe('connected', true);
  }
  shown.frames++;
  shown.bytes += jpeg.length;
}

/** Reads parts: a boundary line, header lines, an empty line, as many bytes as Content-Length says. */
async function readStream(body) {
  const reader = body.getReader();
  let kept = new Uint8Array(0);

  async function more() {
    const { done, value } = await reader.read();
    if (done) {
      throw new Error('the stream has ended');
    }
    const joined = new Uint8Array(kept.length + value.length);
    joined.set(kept);
    joined.set(value, kept.length);
    kept = joined;
  }

  async function line() {
    let end;
    while ((end = kept.indexOf(10)) < 0) {
      await more();
    }
    const text = new TextDecoder().decode(kept.subarray(0, end)).trimEnd();
    kept = kept.subarray(end + 1);
    return text;
  }

  for (;;) {
    let length = -1;
    let header = await line();
    while (length < 0 || header !== '') {
      const match = /^content-length: *(\d+)$/i.exec(header);
      if (match) {
        length = Number(match[1]);
      }
      header = await line();
    }
    const pieces = new Uint8Array(length);
    let have = 0;
    for (;;) {
      const take = Math.min(kept.length, length - have);
      pieces.set(kept.subarray(0, take), have);
      kept = kept.subarray(take);
      have += take;
      if (have === length) {
        break;
      }
      await more();
    }
    await show(pieces);
  }
}

async function watch() {
  for (;;) {
    try {
      const response = await fetch('stream?page=' + page, { cache: 'no-store' });
      if (!response.ok) {
        throw new Error((await response.text()).trim());
      }
      await readStream(response.body);
    } catch (error) {
      held.clear();
      describe('no picture: ' + error.message + '; trying again', false);
    }
    await new Promise(wake => setTimeout(wake, 1000));
  }
}

setInterval(() => {
  const now = performance.now();
  const seconds = (now - shown.since) / 1000;
  byId('rate').textContent = connected
    ? (shown.frames / seconds).toFixed(0) + ' frames/s, ' + (shown.bytes / seconds / 1024).toFixed(0) + ' KiB/s'
    : '';
  Object.assign(shown, { frames: 0, bytes: 0, since: now });
}, 2000);

// Its size on the page.

let whole = false;

function fit() {
  const room = stage.getBoundingClientRect();
  const edge = document.fullscreenElement ? 0 : 24;
  let factor = Math.min((room.width - edge) / canvas.width, (room.height - edge) / canvas.height);
  if (whole) {
    // Whole multiples of the screen's own pixels, so that each guest pixel is the same square.
    const ratio = window.devicePixelRatio || 1;
    factor = Math.max(1, Math.floor(factor * ratio)) / ratio;
  }
  canvas.style.width = Math.max(1, Math.floor(canvas.width * factor)) + 'px';
  canvas.style.height = Math.max(1, Math.floor(canvas.height * factor)) + 'px';
}

new ResizeObserver(fit).observe(stage);
byId('scale').onclick = () => {
  whole = !whole;
  byId('scale').textContent = whole ? 'Whole multiples' : 'Fit';
  fit();
  canvas.focus();
};
byId('smooth').onclick = () => {
  byId('smooth').textContent = canvas.classList.toggle('smooth') ? 'Smooth' : 'Crisp';
  canvas.focus();
};
byId('full').onclick = async () => {
  if (document.fullscreenElement) {
    await document.exitFullscreen();
  } else {
    await stage.requestFullscreen();
    // Where the browser has it, keys such as Alt+Tab and Esc reach the guest too.
    navigator.keyboard?.lock?.().catch(() => {});
  }
  canvas.focus();
};

// Input. One request at a time keeps the order; what happens meanwhile goes with the next.

const held = new Set();
let waiting = [];
let sending = false;

function send(line) {
  if (!typing) {
    return;
  }
  const last = waiting.at(-1);
  if (line.startsWith('move ') && last?.startsWith('move ')) {
    waiting[waiting.length - 1] = line;
  } else if (line.startsWith('rel ') && last?.startsWith('rel ')) {
    const [, x, y] = last.split(' ');
    const [, dx, dy] = line.split(' ');
    waiting[waiting.length - 1] = 'rel ' + (Number(x) + Number(dx)) + ' ' + (Number(y) + Number(dy));
  } else {
    waiting.push(line);
  }
  if (!sending) {
    flush();
  }
}

async function flush() {
  sending = true;
  while (waiting.length > 0) {
    const body = waiting.splice(0, 500).join('\n');
    try {
      const response = await fetch('input?page=' + page, { method: 'POST', body });
      if (response.status === 403) {
        typing = false;
        document.documentElement.dataset.input = 'off';
        hint();
      }
      notice(response.status === 204 ? '' : (await response.text()).trim());
    } catch {
      // The stream says that the connection is lost. Keys of before make no sense after.
      waiting = [];
    }
  }
  sending = false;
}

function letGo() {
  held.clear();
  pressed.clear();
  send('release');
}

let noticeTimer;
function notice(text) {
  clearTimeout(noticeTimer);
  byId('notice').textContent = text;
  if (text) {
    noticeTimer = setTimeout(() => { byId('notice').textContent = ''; }, 4000);
  }
}

function hint() {
  byId('hint').textContent = !typing ? 'for looking only'
    : document.pointerLockElement ? 'the guest has keyboard and mouse; Esc gives the mouse back'
    : document.activeElement === canvas ? 'the guest has the keyboard'
    : 'click the picture to type into the guest';
}

canvas.addEventListener('keydown', event => {
  event.preventDefault();
  event.stopPropagation();
  if (event.code) {
    held.add(event.code);
    send('key ' + event.code + ' down');
  }
});
canvas.addEventListener('keyup', event => {
  event.preventDefault();
  if (held.delete(event.code)) {
    send('key ' + event.code + ' up');
  }
  // macOS reports no release of a key that was held together with Command.
  if (event.code.startsWith('Meta')) {
    letGo();
  }
});
canvas.addEventListener('focus', hint);
canvas.addEventListener('blur', () => { letGo(); hint(); });
window.addEventListener('blur', letGo);
document.addEventListener('visibilitychange', () => { if (document.hidden) { letGo(); } });
window.addEventListener('pagehide', () => {
  if (typing) {
    fetch('input?page=' + page, { method: 'POST', body: 'leave', keepalive: true }).catch(() => {});
  }
});

const BUTTONS = ['left', 'middle', 'right', 'side', 'extra'];
const pressed = new Set();

function place(event) {
  const area = canvas.getBoundingClientRect();
  const scale = (at, size) => Math.round(Math.min(1, Math.max(0, at / Math.max(1, size - 1))) * 32767);
  return 'move ' + scale(event.clientX - area.left, area.width) + ' ' + scale(event.clientY - area.top, area.height);
}

canvas.addEventListener('pointermove', event => {
  if (document.pointerLockElement) {
    send('rel ' + Math.round(event.movementX) + ' ' + Math.round(event.movementY));
  } else {
    send(place(event));
  }
});
canvas.addEventListener('pointerdown', event => {
  canvas.focus();
  if (!document.pointerLockElement) {
    canvas.setPointerCapture(event.pointerId);
    send(place(event));
  }
});
// Mouse events, not pointer events, tell of a second button while the first is down.
canvas.addEventListener('mousedown', event => {
  event.preventDefault();
  const button = BUTTONS[event.button];
  if (button) {
    pressed.add(button);
    send('button ' + button + ' down');
  }
});
window.addEventListener('mouseup', event => {
  const button = BUTTONS[event.button];
  if (pressed.delete(button)) {
    send('button ' + button + ' up');
  }
});
canvas.addEventListener('contextmenu', event => event.preventDefault());

let rolled = 0;
canvas.addEventListener('wheel', event => {
  event.preventDefault();
  // Touch pads report many small steps; one notch of a wheel is about 100 pixels or 3 lines.
  rolled += event.deltaY * [1, 33, 400][event.deltaMode];
  for (; Math.abs(rolled) >= 100; rolled -= 100 * Math.sign(rolled)) {
    send('wheel ' + (rolled < 0 ? 'up' : 'down'));
  }
}, { passive: false });

byId('lock').onclick = () => { canvas.focus(); canvas.requestPointerLock(); };
document.addEventListener('pointerlockchange', () => { letGo(); hint(); });
byId('cad').onclick = () => {
  for (const end of ['down', 'up']) {
    for (const key of ['ControlLeft', 'AltLeft', 'Delete']) {
      send('key ' + key + ' ' + end);
    }
  }
  canvas.focus();
};

fit();
hint();
watch();
canvas.focus();
