import { useMatches } from "@tanstack/react-router";
import { HOME_ACTIONS } from "../features/home/actions";
import { LABEL_ACTIONS } from "../features/label/actions";
import { QUALITY_ACTIONS } from "../features/quality/actions";
import { TRAIN_ACTIONS } from "../features/train/actions";
import { SETTINGS_ACTIONS } from "../features/settings/actions";
import { VIDEOS_ACTIONS } from "../features/videos/actions";
import { type Action, keyLabel, keysOf, PLAYER_ACTIONS, SHELL_ACTIONS } from "../player/shortcuts";
import { Dialog } from "../ui/Dialog";
import { useKeymap } from "./keymap";

const OF_ROOM: Readonly<Record<string, readonly Action[]>> = {
  "/p/$slug/": HOME_ACTIONS,
  "/p/$slug/settings": SETTINGS_ACTIONS,
  "/p/$slug/videos": VIDEOS_ACTIONS,
  "/p/$slug/videos/$id": PLAYER_ACTIONS,
  "/p/$slug/quality": QUALITY_ACTIONS,
  "/p/$slug/label/{-$clip}": LABEL_ACTIONS,
  "/p/$slug/train/{-$run}": TRAIN_ACTIONS,
};

/** Every key of the room that is open, grouped by what it does. */
export function KeysDialog({ open, onClose }: { readonly open: boolean; readonly onClose: () => void }) {
  const remap = useKeymap((store) => store.remap);
  const room = useMatches({ select: (matches) => matches.at(-1)?.routeId ?? "" });
  const own = OF_ROOM[room] ?? [];
  const all: readonly Action[] = [...own, ...SHELL_ACTIONS];
  const groups = [...new Set(all.map((action) => action.group))];
  return (
    <Dialog open={open} onClose={onClose} title="All keys" fact="Settings changes them or switches them off." width={own.length > 20 ? 760 : own.length > 5 ? 640 : 400}>
      <div className={own.length > 5 ? "key-groups" : "key-groups few"}>
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
