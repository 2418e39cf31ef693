// What texts are made of: words, and runs of three characters.

/** Only so much of a text is looked at. */
const mostCharacters = 2000;

/** Lower-case words of letters and digits of any script, in their order. */
export function listWords(text: string): readonly string[] {
  return (
    text
      .slice(0, mostCharacters)
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  );
}

/** Runs of three characters in lower case, a space before and after the text, runs of white space as one. */
export function listTrigrams(text: string): readonly string[] {
  const characters = [...` ${text.slice(0, mostCharacters).toLowerCase().trim().replace(/\s+/gu, " ")} `];
  return characters.slice(2).map((last, i) => `${characters[i]}${characters[i + 1]}${last}`);
}
