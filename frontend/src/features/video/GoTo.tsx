import { type FormEvent, useState } from "react";
import type { Player } from "../../player/player";
import { Dialog } from "../../ui/Dialog";
import { Button, Field } from "../../ui/parts";
import { whole } from "../../ui/words";

interface GoToProps {
  readonly open: boolean;
  readonly player: Player;
  readonly onClose: () => void;
}

/** A frame by its number, or a place by its time-code. */
export function GoTo({ open, player, onClose }: GoToProps) {
  return (
    <Dialog open={open} onClose={onClose} title="Go to a frame" fact={`0 to ${whole(player.timebase.last)}, or a time such as 1:02:04.5`} width={380}>
      <GoToForm player={player} onClose={onClose} />
    </Dialog>
  );
}

function GoToForm({ player, onClose }: Omit<GoToProps, "open">) {
  const [text, setText] = useState("");
  const [wrong, setWrong] = useState(false);
  const go = (event: FormEvent): void => {
    event.preventDefault();
    const n = parsePlace(text, (seconds) => player.timebase.ordinalAtSeconds(seconds + player.timebase.toSeconds(player.timebase.ptsAt(player.timebase.clamp(0)))));
    if (n === null || n > player.timebase.last) return setWrong(true);
    player.seek(n);
    onClose();
  };
  const error = wrong ? `This video has the frames 0 to ${whole(player.timebase.last)}.` : undefined;
  return (
    <form className="col goto" onSubmit={go}>
      <Field label="Frame or time" value={text} autoFocus error={error} onChange={setText} />
      <div className="row">
        <span className="end" />
        <Button look="pri" type="submit" keys="Enter">
          Show it
        </Button>
      </div>
    </form>
  );
}

/** `4,182` is a frame; `1:02` and `62.5` are times. Null for anything else. */
export function parsePlace(text: string, ordinalAt: (seconds: number) => number): number | null {
  const value = text.trim().replaceAll(",", "");
  if (/^\d+$/.test(value)) return Number(value);
  if (!/^(\d+:){0,2}\d+(\.\d+)?$/.test(value)) return null;
  return ordinalAt(value.split(":").reduce((seconds, part) => seconds * 60 + Number(part), 0));
}
