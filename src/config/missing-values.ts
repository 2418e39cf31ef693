// What a cell holds when its value is missing, unless the config says otherwise. A file of its own: reading data needs no more of the config.
export const defaultMissingValues: readonly string[] = ["", "NA", "NaN", "null", "None"];
