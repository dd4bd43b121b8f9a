// The frame number that the simulator burned into a picture; the layout is in curation/simulator/code.py. Null where there is none.
(() => {
  const CELLS = 32;
  function checksum(n) {
    let crc = 0xff;
    for (const byte of [n >> 16, (n >> 8) & 255, n & 255]) {
      crc ^= byte;
      for (let i = 0; i < 8; i += 1) crc = crc & 0x80 ? ((crc << 1) ^ 0x07) & 255 : crc << 1;
    }
    return crc;
  }
  window.readCode = (canvas) => {
    const { width, height } = canvas;
    const top = Math.floor(0.97 * height);
    const rows = Math.ceil(0.99 * height) - top;
    const { data } = canvas.getContext("2d").getImageData(0, top, width, rows);
    const means = Array.from({ length: CELLS }, (_, i) => {
      const from = Math.floor(((i + 0.25) * width) / CELLS);
      const to = Math.max(from + 1, Math.ceil(((i + 0.75) * width) / CELLS));
      let sum = 0;
      for (let y = 0; y < rows; y += 1)
        for (let x = from; x < to; x += 1) {
          const at = (y * width + x) * 4;
          sum += 0.299 * data[at] + 0.587 * data[at + 1] + 0.114 * data[at + 2];
        }
      return sum / (rows * (to - from));
    });
    const white = (means[0] + means[31]) / 2;
    const black = (means[1] + means[30]) / 2;
    if (white - black < 40) return null;
    const middle = (white + black) / 2;
    if (means.some((mean) => Math.abs(mean - middle) < 0.15 * (white - black))) return null;
    const bits = means.map((mean) => (mean > middle ? 1 : 0));
    const number = (from, to) => bits.slice(from, to).reduce((n, bit) => n * 2 + bit, 0);
    const n = number(2, 22);
    const finders = bits[0] === 1 && bits[1] === 0 && bits[30] === 0 && bits[31] === 1;
    return finders && number(22, 30) === checksum(n) ? n : null;
  };
  // Asks the open player for frames one after the other and reads what is painted each time.
  window.seekAndRead = async (ordinals) => {
    const { player } = document.querySelector(".pic");
    const read = [];
    for (const n of ordinals) {
      player.seek(n);
      const until = performance.now() + 10_000;
      while (player.state.painted !== n && performance.now() < until) await new Promise((done) => setTimeout(done, 2));
      read.push(player.state.painted === n ? window.readCode(player.canvas) : `not painted: ${player.state.problem}`);
    }
    return read;
  };
  // Drags over these frames, one an animation frame, and reads every picture that is painted on the way: [its number, what it shows].
  window.dragAndRead = async (ordinals) => {
    const { player } = document.querySelector(".pic");
    const read = new Map();
    const stop = player.subscribe(({ painted }) => {
      if (painted !== null && !read.has(painted)) read.set(painted, window.readCode(player.canvas));
    });
    for (const n of ordinals) {
      await new Promise(requestAnimationFrame);
      player.seek(n, true);
    }
    const until = performance.now() + 10_000;
    while (player.state.painted !== ordinals.at(-1) && performance.now() < until) await new Promise((done) => setTimeout(done, 2));
    stop();
    return [...read];
  };
  // Drags over the whole video for two seconds: pictures painted, and animation frames that an idle page had in as long.
  window.measureDrag = async (frames) => {
    const { player } = document.querySelector(".pic");
    let painted = 0;
    let last = null;
    const stop = player.subscribe((state) => {
      if (state.painted !== null && state.painted !== last) painted += 1;
      last = state.painted;
    });
    const turns = async (each) => {
      const end = performance.now() + 2000;
      let n = 0;
      for (; performance.now() < end; n += 1) {
        await new Promise(requestAnimationFrame);
        each(n);
      }
      return n;
    };
    const ceiling = await turns(() => undefined);
    painted = 0;
    await turns((n) => player.seek((n * 13) % frames, true));
    stop();
    return [painted, ceiling];
  };
})();
