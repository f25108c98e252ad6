/**
 * Trace colours on the light page in the order of use: blue, orange, green, purple, sky, ochre,
 * grey, brown. The hues follow Okabe and Ito, "Color Universal Design" (2008); lightness and
 * saturation were searched for the largest least distance between any two, seen with usual sight
 * and with protanopia, deuteranopia and tritanopia. Each has a contrast of at least 3 to the page.
 */
export const colourwayLight: readonly string[] = [
  "#0a4fb6",
  "#da7509",
  "#03a264",
  "#a52764",
  "#2987f2",
  "#745812",
  "#8a949d",
  "#742923",
];

/** The same hues in the same order for the dark page, found in the same way. */
export const colourwayDark: readonly string[] = [
  "#5093ff",
  "#e88111",
  "#27d981",
  "#b460a8",
  "#add2fa",
  "#e8d66d",
  "#adb9be",
  "#db4958",
];
