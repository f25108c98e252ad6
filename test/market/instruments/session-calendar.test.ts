import {writeFileSync} from "node:fs";
import {join} from "node:path";
import fc from "fast-check";
import {describe, expect, it} from "vitest";
import {parseCalendars, readCalendars} from "../../../src/market/instruments/desk-calendars.js";
import {isNyseHoliday, isNyseShortDay} from "../../../src/market/instruments/nyse-days.js";
import {
  ALWAYS_OPEN,
  findCalendar,
  sessionTest,
} from "../../../src/market/instruments/session-calendar.js";
import {HOUR_MS} from "../../../src/time/epoch.js";
import {parseDay, weekdayOf} from "../../../src/time/local-day.js";
import {parseUtc} from "../../../src/time/utc-text.js";
import {withFolder} from "../sample-bars.js";

/** The exchange's own lists: weekdays without trading, and those that ended at 13:00. */
const NYSE: Readonly<Record<number, {closed: string; short: string}>> = {
  2015: {closed: "01-01 01-19 02-16 04-03 05-25 07-03 09-07 11-26 12-25", short: "11-27 12-24"},
  2016: {closed: "01-01 01-18 02-15 03-25 05-30 07-04 09-05 11-24 12-26", short: "11-25"},
  2017: {closed: "01-02 01-16 02-20 04-14 05-29 07-04 09-04 11-23 12-25", short: "07-03 11-24"},
  2018: {
    closed: "01-01 01-15 02-19 03-30 05-28 07-04 09-03 11-22 12-05 12-25",
    short: "07-03 11-23 12-24",
  },
  2019: {
    closed: "01-01 01-21 02-18 04-19 05-27 07-04 09-02 11-28 12-25",
    short: "07-03 11-29 12-24",
  },
  2020: {closed: "01-01 01-20 02-17 04-10 05-25 07-03 09-07 11-26 12-25", short: "11-27 12-24"},
  2021: {closed: "01-01 01-18 02-15 04-02 05-31 07-05 09-06 11-25 12-24", short: "11-26"},
  2022: {closed: "01-17 02-21 04-15 05-30 06-20 07-04 09-05 11-24 12-26", short: "11-25"},
  2023: {
    closed: "01-02 01-16 02-20 04-07 05-29 06-19 07-04 09-04 11-23 12-25",
    short: "07-03 11-24",
  },
  2024: {
    closed: "01-01 01-15 02-19 03-29 05-27 06-19 07-04 09-02 11-28 12-25",
    short: "07-03 11-29 12-24",
  },
  2025: {
    closed: "01-01 01-09 01-20 02-17 04-18 05-26 06-19 07-04 09-01 11-27 12-25",
    short: "07-03 11-28 12-24",
  },
};

/** The weekdays of a year that pass, as `MM-DD`. */
function weekdaysOf(year: number, passes: (day: number) => boolean): string {
  const texts: string[] = [];
  for (let day = parseDay(`${year}-01-01`); day < parseDay(`${year + 1}-01-01`); ++day) {
    if (weekdayOf(day) % 6 !== 0 && passes(day)) {
      texts.push(new Date(day * 86_400_000).toISOString().slice(5, 10));
    }
  }
  return texts.join(" ");
}

describe("the New York Stock Exchange", () => {
  it.each(Object.entries(NYSE))("closes as it did in %s", (year, {closed, short}) => {
    expect(weekdaysOf(Number(year), isNyseHoliday)).toBe(closed);
    expect(weekdaysOf(Number(year), isNyseShortDay)).toBe(short);
  });

  const isOpen = sessionTest(findCalendar("XNYS"));
  const cases: [time: string, wanted: boolean][] = [
    ["2025-03-07 09:29:59-05:00", false],
    ["2025-03-07 09:30:00-05:00", true],
    ["2025-03-07 15:59:59-05:00", true],
    ["2025-03-07 16:00:00-05:00", false],
    ["2025-03-08 12:00:00-05:00", false],
    ["2025-03-10 09:30:00-04:00", true],
    ["2025-03-10 13:29:59+00:00", false],
    ["2025-07-03 12:59:59-04:00", true],
    ["2025-07-03 13:00:00-04:00", false],
    ["2025-07-04 12:00:00-04:00", false],
  ];
  it.each(cases)("%s: %s", (time, wanted) => {
    expect(isOpen(parseUtc(time))).toBe(wanted);
  });
});

describe("calendars", () => {
  it("24/7 is open at any time", () => {
    const isOpen = sessionTest(findCalendar(ALWAYS_OPEN));
    fc.assert(
      fc.property(fc.integer({min: 0, max: 4e12}), (time) => isOpen(time)),
      {seed: 5},
    );
  });

  it("an unknown name is refused with those that there are", () => {
    expect(() => findCalendar("XETR")).toThrow(/expected one of 24\/7, XNYS, found "XETR"/);
  });

  const tokyo = {
    name: "XTKS",
    timezone: "Asia/Tokyo",
    sessions: [
      {days: ["mon", "tue", "wed", "thu", "fri"], open: "09:00", close: "11:30"},
      {days: ["mon", "tue", "wed", "thu", "fri"], open: "12:30", close: "15:30"},
    ],
    holidays: ["2025-01-01"],
    early_closes: [{day: "2025-12-30", close: "11:00"}],
  };

  it("a desk's own has a lunch break, holidays and early closings", () => {
    const isOpen = sessionTest(findCalendar("XTKS", parseCalendars([tokyo], "calendars.yaml")));
    const open = (day: string) =>
      Array.from({length: 24}, (_, hour) => hour).filter((hour) =>
        isOpen(parseUtc(`${day} 00:00:00+09:00`) + hour * HOUR_MS),
      );
    expect(open("2025-01-06")).toEqual([9, 10, 11, 13, 14, 15]);
    expect(open("2025-01-05")).toEqual([]);
    expect(open("2025-01-01")).toEqual([]);
    expect(open("2025-12-30")).toEqual([9, 10]);
  });

  const wrong: [name: string, value: unknown, wanted: RegExp][] = [
    ["an unknown zone", [{...tokyo, timezone: "Asia/Edo"}], /0\.timezone: expected a time zone/],
    [
      "a day that is none",
      [{...tokyo, holidays: ["2025-13-01"]}],
      /0\.holidays\.0: expected a day/,
    ],
    [
      "a session over midnight",
      [{...tokyo, sessions: [{days: ["sun"], open: "18:00", close: "17:00"}]}],
      /0\.sessions\.0: expected open before close/,
    ],
    ["an unknown key", [{...tokyo, lunch: true}], /lunch/],
  ];
  it.each(wrong)("refuses %s", (_name, value, wanted) => {
    expect(() => parseCalendars(value, "calendars.yaml")).toThrow(wanted);
  });

  it("are read from YAML, and are none where there is no file", async () => {
    await withFolder(async (dir) => {
      expect(await readCalendars(join(dir, "calendars.yaml"))).toEqual([]);
      const text =
        "- name: half\n  timezone: UTC\n" +
        "  sessions: [{days: [mon], open: '12:00', close: '24:00'}]\n";
      writeFileSync(join(dir, "calendars.yaml"), text);
      const [half] = await readCalendars(join(dir, "calendars.yaml"));
      expect(half?.sessionsOf(parseDay("2025-01-06"))).toEqual([
        {open: 12 * HOUR_MS, close: 24 * HOUR_MS},
      ]);
      writeFileSync(join(dir, "calendars.yaml"), "- [");
      await expect(readCalendars(join(dir, "calendars.yaml"))).rejects.toThrow(/file of calendars/);
    });
  });
});
