import { useMatches } from "@tanstack/react-router";
import { LABEL_ACTIONS } from "../features/label/actions";
import { QUALITY_ACTIONS } from "../features/quality/actions";
import { TRAIN_ACTIONS } from "../features/train/actions";
import { type Action, keyLabel, keysOf, PLAYER_ACTIONS, SHELL_ACTIONS } from "../player/shortcuts";
import { Dialog } from "../ui/Dialog";
import { useKeymap } from "./keymap";

/** Every key of the room that is open, grouped by what it does. */
export function KeysDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const remap = useKeymap((store) => store.remap);
  const labelling = useMatches({ select: (matches) => matches.some((match) => match.routeId.includes("/label")) });
  const training = useMatches({ select: (matches) => matches.some((match) => match.routeId.includes("/train")) });
  const judging = useMatches({ select: (matches) => matches.some((match) => match.routeId.includes("/quality")) });
  const all: readonly Action[] = [...(labelling ? LABEL_ACTIONS : training ? TRAIN_ACTIONS : judging ? QUALITY_ACTIONS : PLAYER_ACTIONS), ...SHELL_ACTIONS];
  const groups = [...new Set(all.map((action) => action.group))];
  return (
    <Dialog open={open} onClose={onClose} title="All keys" fact="Settings changes them or switches them off." width={labelling || judging ? 760 : 640}>
      <div className="key-groups">
        {groups.map((group) => (
          <section key={group}>
            <h3 className="cap">{group}</h3>
            <dl>
              {linesOf(all.filter((action) => action.group === group)).map(([name, actions]) => {
                const labels = [...new Set(actions.flatMap((action) => keysOf(action, remap)).map(keyLabel))];
                return (
                  <div key={name} className="key-line">
                    <dt>{name}</dt>
                    <dd>
                      {labels.map((label) => (
                        <kbd key={label}>{label}</kbd>
                      ))}
                      {labels.length === 0 && <span className="t3 sm">off</span>}
                    </dd>
                  </div>
                );
              })}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

function linesOf(actions: readonly Action[]): [string, Action[]][] {
  const lines = new Map<string, Action[]>();
  for (const action of actions) {
    const name = action.together ?? action.name;
    lines.set(name, [...(lines.get(name) ?? []), action]);
  }
  return [...lines];
}
