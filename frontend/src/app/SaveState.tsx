/** What the server has of a person's work, in the top bar, and the way to what it does not have. */
import { useIsMutating } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useState } from "react";
import { labelsChanged } from "../api/labelling";
import { sessionInDoubt } from "../api/queries";
import { outbox, type Status, useOutbox } from "../outbox";
import { bindShortcuts, SHELL_ACTIONS } from "../player/shortcuts";
import { useHeldKeys } from "../ui/held";
import { Icon, type IconName } from "../ui/Icon";
import { KeyCap } from "../ui/parts";
import { warn } from "../ui/toasts";
import { count } from "../ui/words";
import { keyCap, useKeymap } from "./keymap";
import { useHere } from "./session";

const ConflictDialog = lazy(async () => ({ default: (await import("../features/label/ConflictDialog")).ConflictDialog }));
const WaitingDialog = lazy(async () => ({ default: (await import("./WaitingDialog")).WaitingDialog }));

/** What is on its way for less than this is being saved; after it, it waits. */
const PATIENCE_MS = 1_500;

export function SaveState() {
  const { user, expired } = useHere();
  const status = useStanding(expired);
  const [shown, setShown] = useState<"conflicts" | "waiting" | null>(null);
  const id = user === null ? null : String(user.id);
  useEffect(() => {
    if (id !== null) outbox.identify(id);
  }, [id]);
  useEffect(
    () =>
      outbox.onResult((result) => {
        if (result.kind === "saved") labelsChanged(result.slug);
        else if (result.kind === "conflict") warn("A clip that you labelled was saved elsewhere first. Nothing is overwritten", { name: "Decide", run: () => setShown("conflicts") }, "conflict");
      }),
    [],
  );
  useHeldKeys(shown !== null);
  const decide = (): void => setShown("conflicts");
  useDecideKey(status.conflicts > 0, decide);
  return (
    <>
      <Line status={status} onOpen={() => setShown(status.conflicts > 0 ? "conflicts" : "waiting")} />
      <Suspense fallback={null}>
        {shown === "conflicts" && <ConflictDialog open onClose={() => setShown(null)} />}
        {shown === "waiting" && <WaitingDialog open onClose={() => setShown(null)} onDecide={() => setShown("conflicts")} />}
      </Suspense>
    </>
  );
}

function Line({ status, onOpen }: { readonly status: Status; readonly onOpen: () => void }) {
  const mutating = useIsMutating();
  const remap = useKeymap((store) => store.remap);
  const waits = useWaits(status);
  const needs = needOf(status, waits);
  const moving = mutating > 0 || status.waiting > 0;
  return (
    <span className={needs === null ? "save" : "save needs"} role="status">
      {needs !== null ? (
        <button type="button" className="btn ghost xs" onClick={onOpen}>
          <Icon name={needs.icon} className="warn" />
          <span>
            {needs.text}
            <span className="more"> {needs.more}</span>
          </span>
          {status.conflicts > 0 && <KeyCap>{keyCap(DECIDE, remap, "decide")}</KeyCap>}
        </button>
      ) : moving ? (
        <>
          <span className="dot run" />
          Saving
        </>
      ) : (
        <>
          <Icon name="check" />
          All changes saved
        </>
      )}
    </span>
  );
}

/** What a person should know or do, the most pressing first; null while all is well. A narrow bar shows no `more`. */
function needOf(status: Status, waits: boolean): { readonly icon: IconName; readonly text: string; readonly more: string } | null {
  const { waiting, refused, conflicts, others, durable, signedOut } = status;
  if (conflicts > 0) return { icon: "people", text: count(conflicts, "label"), more: `${conflicts === 1 ? "needs" : "need"} your decision` };
  if (refused > 0) return { icon: "warn", text: count(refused, "label"), more: `${refused === 1 ? "was" : "were"} refused` };
  if (!durable && waiting > 0) return { icon: "warn", text: "Keep this tab open:", more: `${count(waiting, "label")} ${wait(waiting)} here` };
  if (waiting > 0 && signedOut) return { icon: "clock", text: count(waiting, "label"), more: `${wait(waiting)} for you to sign in` };
  if (waiting > 0 && waits) return { icon: "clock", text: count(waiting, "label"), more: `${wait(waiting)} here` };
  if (others > 0 && waiting === 0) return { icon: "clock", text: count(others, "label"), more: `of someone else ${wait(others)} here` };
  return null;
}

function wait(n: number): string {
  return n === 1 ? "waits" : "wait";
}

/** Whether labels wait for longer than sending takes. */
function useWaits({ waiting, lostSince }: Status): boolean {
  const [late, setLate] = useState(false);
  const some = waiting > 0;
  useEffect(() => {
    if (!some) return undefined;
    const timer = setTimeout(() => setLate(true), PATIENCE_MS);
    return () => {
      clearTimeout(timer);
      setLate(false);
    };
  }, [some]);
  return some && (late || lostSince !== null);
}

/** The outbox asks again now and then; between its questions a person is no less signed out. */
function useStanding(expired: boolean): Status {
  const status = useOutbox();
  const { signedOut } = status;
  useEffect(() => {
    if (signedOut) sessionInDoubt();
  }, [signedOut]);
  return expired ? { ...status, signedOut: true } : status;
}

const DECIDE = SHELL_ACTIONS.filter(({ id }) => id === "decide");

function useDecideKey(needed: boolean, decide: () => void): void {
  const remap = useKeymap((store) => store.remap);
  useEffect(() => (needed ? bindShortcuts(window, DECIDE, remap, decide) : undefined));
}
