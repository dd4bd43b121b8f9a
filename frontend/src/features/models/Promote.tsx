/** Asked before another version speaks: what follows, and what is known against it. */
import { useMutation, useQuery } from "@tanstack/react-query";
import { modelPromote } from "../../api/generated/client";
import type { LabelClassOut, ModelRow } from "../../api/generated/model";
import { model as modelQuery, trainingChanged } from "../../api/training";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { tell, tellError } from "../../ui/toasts";
import { score } from "../../ui/words";
import { chanceWords, comparable, fallen, promoteVerb, promoteWords } from "./compare";

interface PromoteProps {
  readonly slug: string;
  readonly row: ModelRow;
  readonly champion: ModelRow | undefined;
  readonly classes: readonly LabelClassOut[];
  readonly onClose: () => void;
}

export function Promote({ slug, row, champion, classes, onClose }: PromoteProps) {
  const beside = comparable(row, champion);
  const { data: mine } = useQuery({ ...modelQuery(slug, row.number), enabled: beside });
  const { data: speaks } = useQuery({ ...modelQuery(slug, champion?.number ?? 0), enabled: beside });
  const worse = mine === undefined ? [] : fallen(mine, speaks);
  const named = (id: string): string => classes.find((entry) => entry.id === id)?.name ?? "a removed class";
  const back = useMutation({ mutationFn: (number: number) => modelPromote(slug, number), onSuccess: () => trainingChanged(slug), onError: tellError });
  const promote = useMutation({
    mutationFn: () => modelPromote(slug, row.number),
    onSuccess: () => {
      tell(`v${row.number} makes the suggestions now`, champion === undefined ? undefined : { name: `Back to v${champion.number}`, run: () => back.mutate(champion.number) });
      onClose();
      return trainingChanged(slug);
    },
    onError: tellError,
  });
  const verb = promoteVerb(row, champion);
  const footer = (
    <>
      <span className="grow" />
      <Button keys="Esc" onClick={onClose}>
        Close
      </Button>
      <Button look="pri" keys="Enter" autoFocus busy={promote.isPending} onClick={() => promote.mutate()}>
        {verb}
      </Button>
    </>
  );
  const chance = chanceWords(row, champion);
  return (
    <Dialog open onClose={onClose} title={verb} footer={footer} width={560}>
      <p>{promoteWords(row, champion)}</p>
      {chance !== "" && <p className="t2">{chance}</p>}
      {worse.length > 0 && (
        <div className="note warn">
          <Icon name="warn" />
          <p>
            <span className="b">It tells {worse.map((entry) => `${named(entry.label)} (−${score(entry.points, 2)} F1)`).join(", ")} worse than v{champion?.number}.</span>
          </p>
        </div>
      )}
    </Dialog>
  );
}
