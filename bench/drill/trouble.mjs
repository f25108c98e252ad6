import process from "node:process";

const MINUTE = 60_000;

/**
 * What goes wrong on the way, each at a share of the run: a connection breaks, a candle never
 * comes, and one is corrected eight minutes after it ended.
 */
export function makeTrouble(url, symbols, {startMs, endMs, realMsUntil}) {
  const at = (share) => startMs + Math.floor(((endMs - startMs) * share) / MINUTE) * MINUTE;
  const [first, second, third] = symbols;
  const events = [
    {at: at(0.2), what: "the connection breaks", control: {drop: true}},
    {
      // It hides a candle that opens a minute later and closes a bar of five minutes.
      at: fiveMinutes(at(0.4)) + 3 * MINUTE + 30_000,
      what: `a candle of ${second} never comes`,
      control: {hide: {symbol: second, time: fiveMinutes(at(0.4)) + 4 * MINUTE}},
    },
    {
      at: at(0.6) + 9.5 * MINUTE,
      what: `a candle of ${third} is corrected`,
      control: {correct: {symbol: third, time: at(0.6), change: {volume: 12_345}}},
    },
    {at: at(0.8), what: "the connection breaks again", control: {drop: true}},
    {
      at: at(0.8) + 12.2 * MINUTE,
      what: `the last close of ${first} is corrected`,
      control: {correct: {symbol: first, time: at(0.8) + 10 * MINUTE, change: {volume: 54_321}}},
    },
  ];
  const timers = events.map(({at: time, what, control}) =>
    setTimeout(async () => {
      process.stdout.write(`trouble: ${what}\n`);
      const body = JSON.stringify(control);
      const answer = await fetch(`${url}/control`, {method: "POST", body}).then((r) => r.json());
      if (answer.ok !== true) {
        process.stdout.write(`trouble refused: ${JSON.stringify(answer)}\n`);
      }
    }, realMsUntil(time)),
  );
  return {stop: () => timers.forEach(clearTimeout)};
}

function fiveMinutes(time) {
  return Math.floor(time / (5 * MINUTE)) * 5 * MINUTE;
}
