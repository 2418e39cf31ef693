#!/usr/bin/env node
// Writes data/weather.csv from data/seattle-weather.csv: what a thermometer and an anemometer say of a day, and whether it rained.
// `precipitation` and `weather` are what is asked for and stay out of the inputs.
import { readFileSync, writeFileSync } from "node:fs";

const folder = new URL("../data/", import.meta.url);
const [, ...lines] = readFileSync(new URL("seattle-weather.csv", folder), "utf8").trimEnd().split(/\r?\n/);
const seasons = [
  "winter",
  "winter",
  "spring",
  "spring",
  "spring",
  "summer",
  "summer",
  "summer",
  "autumn",
  "autumn",
  "autumn",
  "winter",
];

const rows = lines.map((line) => {
  const [date, precipitation, temperatureMax, temperatureMin, wind] = line.split(",");
  const season = seasons[Number(date.slice(5, 7)) - 1];
  return [date, temperatureMax, temperatureMin, wind, season, Number(precipitation) > 0 ? 1 : 0].join(",");
});
writeFileSync(new URL("weather.csv", folder), ["date,temp_max,temp_min,wind,season,rained", ...rows, ""].join("\n"));
