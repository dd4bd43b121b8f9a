/** Clips that could not be read: of which recordings, why, and the way to read them again. */
import { useMutation } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { type ReactNode, useState } from "react";
import { trainingRunStart } from "../../api/generated/client";
import type { LeftOutOut } from "../../api/generated/model";
import { trainingChanged } from "../../api/training";
import { useHere } from "../../app/session";
import { Icon } from "../../ui/Icon";
import { Button } from "../../ui/parts";
import { tellError } from "../../ui/toasts";
import { count } from "../../ui/words";
import "./leftout.css";

const SHOWN = 5;

/** The recordings, those with most clips first. */
export function Recordings({ slug, rows }: { readonly slug: string; readonly rows: readonly LeftOutOut[] }) {
  const [all, setAll] = useState(false);
  const shown = all ? rows : rows.slice(0, SHOWN);
  return (
    <>
      <ul className="left-out sm" aria-label="Recordings that could not be read">
        {shown.map((row) => (
          <li key={`${row.video} ${row.sentence}`}>
            <Link className="ell" to="/p/$slug/videos/$id" params={{ slug, id: row.video }}>
              {row.name}
            </Link>
            <span className="t2 nw">{count(row.clips, "clip")}</span>
            <span className="t2">{row.sentence}</span>
          </li>
        ))}
      </ul>
      {rows.length > shown.length && (
        <Button look="ghost" size="xs" onClick={() => setAll(true)}>
          Show all {rows.length} recordings
        </Button>
      )}
    </>
  );
}

interface LeftOutProps {
  readonly slug: string;
  readonly rows: readonly LeftOutOut[];
  readonly title: string;
  /** What else follows from it. */
  readonly children?: ReactNode;
  /** A new run reads them again; there is none to start while one is under way. */
  readonly again: boolean;
}

export function LeftOut({ slug, rows, title, children, again }: LeftOutProps) {
  const { may } = useHere();
  const navigate = useNavigate();
  const begin = useMutation({
    mutationFn: () => trainingRunStart(slug, {}),
    onSuccess: async (run) => {
      await trainingChanged(slug);
      await navigate({ to: "/p/$slug/train/{-$run}", params: { slug, run: String(run.number) } });
    },
    onError: tellError,
  });
  return (
    <div className="note warn run-note">
      <Icon name="warn" />
      <div className="grow">
        <p className="b">{title}</p>
        {children}
        {rows.length > 0 && <Recordings slug={slug} rows={rows} />}
      </div>
      {again && rows.length > 0 && may("trainer") && (
        <Button size="xs" busy={begin.isPending} onClick={() => begin.mutate()}>
          Read them again
        </Button>
      )}
    </div>
  );
}
