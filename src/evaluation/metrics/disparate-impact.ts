// Smallest ratio of a group's share decided positive to that of the privileged group.
import { z } from "zod";
import { groupOptions, selectionRate, spreadRates } from "../group-rates.ts";
import { defineMetric } from "../metric.ts";

/** min over the other groups of P(decided positive) / P(decided positive | `privileged`); below 0.8 breaks the four-fifths rule. */
export const disparateImpact = defineMetric({
  id: "disparate_impact",
  summary: "smallest ratio of a group's share decided positive to that of the privileged group",
  direction: "higher",
  scale: "share",
  tasks: ["binary"],
  undefinedWhen: "the privileged group is never decided positive",
  options: groupOptions.extend({ privileged: z.union([z.string(), z.number()]).transform(String) }),
  measure: (rows, options) => spreadRates(rows, [selectionRate], options, "ratio", options.privileged),
});
