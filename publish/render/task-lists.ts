import type {MarkdownIt, Token} from "markdown-it";

/** Class of a list item with a box in front of it; `report.css` gives it no bullet besides. */
export const taskClass = "task";

const box = /^\[([ xX])\][ \t]+(?=\S|$)/;

/** `- [ ] open` and `- [x] done`: a box in place of the bullet, as GitHub's Markdown has it. */
export function addTaskLists(parser: MarkdownIt): void {
  parser.core.ruler.after("inline", "task_lists", ({tokens}) => {
    for (const [i, token] of tokens.entries()) {
      const item = tokens[i - 2];
      const first = token.children?.[0];
      const found =
        isItemText(tokens, i) && first?.type === "text" ? box.exec(first.content) : null;
      if (found !== null && first && item) {
        const mark = found[1] === " " ? "\u2610" : "\u2611";
        first.content = `${mark} ${first.content.slice(found[0].length)}`;
        item.attrJoin("class", taskClass);
      }
    }
  });
}

function isItemText(tokens: readonly Token[], at: number): boolean {
  const types = tokens.slice(Math.max(0, at - 2), at + 1).map(({type}) => type);
  return types.join(" ") === "list_item_open paragraph_open inline";
}
