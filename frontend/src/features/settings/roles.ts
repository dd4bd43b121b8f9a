/** A role in a sentence: `an annotator`, `a data lead`, `an ML lead`. */
export function withArticle(role: string): string {
  const shortened = /^[A-Z]{2}/.test(role);
  const name = shortened ? role : role.toLowerCase();
  return `${/^([aeiou]|[AEFHILMNORSX][A-Z])/.test(name) ? "an" : "a"} ${name}`;
}
