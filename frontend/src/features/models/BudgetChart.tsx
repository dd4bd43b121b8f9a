/** Accuracy over how many frames are looked at, a line a way of choosing them, and the sentence that it proves. */
import type { ModelOutCurve } from "../../api/generated/model";
import { LineChart } from "../../ui/LineChart";
import { share } from "../../ui/words";
import { curveLines, curveOn, readingOf, readingWords } from "./budget";

interface BudgetChartProps {
  readonly curve: ModelOutCurve;
  readonly on: string;
  readonly budget: number | null;
}

export function BudgetChart({ curve, on, budget }: BudgetChartProps) {
  const lines = curveLines(curve);
  if (lines.length === 0) return <p className="t2">No clip was kept apart to measure this on.</p>;
  const frames = lines.flatMap((line) => line.points.map((point) => point.x));
  const reading = readingOf(curve, budget);
  const words = reading === null ? null : readingWords(reading);
  const marks =
    reading === null
      ? []
      : [
          { ...reading.smart, colour: "var(--accent-text)" },
          { ...reading.uniform, colour: "var(--text-1)" },
        ];
  return (
    <>
      <LineChart
        says={words === null ? "Accuracy by the number of frames looked at." : words.lead + words.tail}
        lines={lines}
        x={{ first: Math.min(...frames), last: Math.max(...frames), end: `${Math.max(...frames)} frames` }}
        height={250}
        format={(value) => `${Math.round(value * 1000) / 10} %`}
        marks={marks}
        bridge={reading !== null && reading.matched && reading.uniform.x > reading.smart.x ? [reading.smart, { x: reading.uniform.x, y: reading.smart.y }] : undefined}
        table={{ head: "Frames", format: share }}
      />
      {words !== null && (
        <p className="sm t2">
          <span className="b proof">{words.lead}</span>
          {words.tail} <span className="t3">Measured {curveOn(on)}.</span>
        </p>
      )}
    </>
  );
}
