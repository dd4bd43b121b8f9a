/** A line chart of a few lines, with the same numbers as a table for who cannot see it. Nothing in it moves by itself. */
import { useEffect, useId, useRef, useState } from "react";
import { countTicks, labelled, type Line, pathOf, place, type Point, type Range, rangeOf, ticksOf } from "./chart";
import "./chart.css";

export interface Mark extends Point {
  readonly colour: string;
  readonly solid?: boolean;
  readonly text?: string;
  /** A dotted line down to the axis. */
  readonly drop?: boolean;
}

interface LineChartProps {
  /** What the chart says, in a sentence: its name for who cannot see it. */
  readonly says: string;
  readonly lines: readonly Line[];
  /** `end` is what the last tick says, with its unit. */
  readonly x: { readonly first: number; readonly last: number; readonly end: string; readonly format?: (value: number) => string };
  readonly height: number;
  readonly format: (value: number) => string;
  /** A value that all of them are held against. */
  readonly level?: { readonly value: number; readonly text: string } | undefined;
  readonly marks?: readonly Mark[];
  /** A dotted line between two points of the same height. */
  readonly bridge?: readonly [Point, Point] | undefined;
  readonly table?: { readonly head: string; readonly format: (value: number) => string };
}

const LEFT = 40;
const FOOT = 24;
/** As wide as a letter of a tick may be, and what parts two ticks. */
const LETTER = 7;
const GAP = 12;
const NONE: readonly Mark[] = [];

/** The width that the chart has, so that its type keeps its size. */
function useWidth(): [React.RefObject<HTMLDivElement | null>, number] {
  const ref = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  useEffect(() => {
    const box = ref.current;
    if (box === null) return undefined;
    const watch = new ResizeObserver(([entry]) => setWidth(Math.round(entry?.contentRect.width ?? 0)));
    watch.observe(box);
    return () => watch.disconnect();
  }, []);
  return [ref, width];
}

export function LineChart(props: LineChartProps) {
  const { says, lines, height, level, table } = props;
  const [ref, width] = useWidth();
  return (
    <div className="line-chart">
      <div className="row wrap lg" aria-hidden="true">
        {lines.map((line) => (
          <Key key={line.name} {...line} />
        ))}
        {level !== undefined && <Key name={level.text} colour="var(--text-2)" dash="3 3" />}
      </div>
      <div ref={ref} style={{ height }}>
        {width > 0 && <Drawing {...props} width={width} />}
      </div>
      <Numbers says={says} lines={lines} head={table?.head ?? ""} format={table?.format ?? props.format} />
    </div>
  );
}

function Key({ name, colour, dash, thick }: Pick<Line, "name" | "colour" | "dash" | "thick">) {
  return (
    <span className="row">
      <svg width="18" height="4">
        <path d="M0 2H18" stroke={colour} strokeWidth={thick === true ? 2.5 : 2} strokeDasharray={dash} />
      </svg>
      {name}
    </span>
  );
}

function Drawing({ says, lines, x, height, format, level, marks = NONE, bridge, width }: LineChartProps & { readonly width: number }) {
  const values = [...lines.flatMap((line) => line.points.map((point) => point.y)), ...(level === undefined ? [] : [level.value])];
  const across: Range = { low: x.first, high: x.last };
  const up = rangeOf(values);
  const frame = { left: LEFT, right: width - 6, top: 8, bottom: height - FOOT };
  const px = (value: number): number => place(value, across, frame.left, frame.right);
  const py = (value: number): number => place(value, up, frame.bottom, frame.top);
  const room = px(x.last) - x.end.length * LETTER - GAP;
  const ticks = countTicks(x.first, x.last, width < 320 ? 3 : 5).filter((tick) => tick === x.last || px(tick) < room);
  return (
    <svg className="chart" width={width} height={height} role="img" aria-label={says}>
      {labelled(ticksOf(up), format).map(({ tick, text }) => (
        <g key={tick}>
          <path className="grid" d={`M${frame.left} ${Math.round(py(tick)) + 0.5}H${frame.right}`} />
          <text x={frame.left - 8} y={py(tick) + 4} textAnchor="end">
            {text}
          </text>
        </g>
      ))}
      {ticks.map((tick) => (
        <text key={tick} x={px(tick)} y={height - 4} textAnchor={tick === x.last ? "end" : "middle"}>
          {tick === x.last ? x.end : (x.format?.(tick) ?? tick)}
        </text>
      ))}
      {level !== undefined && <path className="level" d={`M${frame.left} ${py(level.value)}H${frame.right}`} />}
      {bridge !== undefined && <path className="level" d={`M${px(bridge[0].x)} ${py(bridge[0].y)}H${px(bridge[1].x)}`} />}
      {lines.toReversed().map((line) => (
        <path key={line.name} className={line.thick === true ? "l thick" : "l"} d={pathOf(line.points, across, up, frame)} stroke={line.colour} strokeDasharray={line.dash} />
      ))}
      {marks.map((mark) => (
        <Marked key={`${mark.x} ${mark.y}`} mark={mark} left={px(mark.x)} top={py(mark.y)} floor={frame.bottom} middle={width / 2} />
      ))}
    </svg>
  );
}

interface MarkedProps {
  readonly mark: Mark;
  readonly left: number;
  readonly top: number;
  readonly floor: number;
  readonly middle: number;
}

function Marked({ mark, left, top, floor, middle }: MarkedProps) {
  const before = left > middle;
  return (
    <>
      {mark.drop === true && <path d={`M${left} ${top}V${floor}`} stroke={mark.colour} strokeDasharray="2 3" />}
      <circle cx={left} cy={top} r={mark.solid === true ? 3 : 4} fill={mark.solid === true ? mark.colour : "var(--panel)"} stroke={mark.colour} strokeWidth="1.75" />
      {mark.text !== undefined && (
        <text className="said" x={left} y={floor - 6} dx={before ? -6 : 6} textAnchor={before ? "end" : "start"}>
          {mark.text}
        </text>
      )}
    </>
  );
}

interface NumbersProps {
  readonly says: string;
  readonly lines: readonly Line[];
  readonly head: string;
  readonly format: (value: number) => string;
}

/** The same as a table; opened by who wants the numbers. */
function Numbers({ says, lines, head, format }: NumbersProps) {
  const [open, setOpen] = useState(false);
  const id = useId();
  const xs = [...new Set(lines.flatMap((line) => line.points.map((point) => point.x)))].toSorted((a, b) => a - b);
  return (
    <details className="numbers" onToggle={(event) => setOpen(event.currentTarget.open)}>
      <summary>Numbers</summary>
      {open && (
        // oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls: the keyboard needs to reach it
        <div className="scroll-x numbers-box" tabIndex={0} role="region" aria-labelledby={id}>
          <table>
            <caption id={id} className="sr">
              {says}
            </caption>
            <thead>
              <tr>
                <th className="num">{head}</th>
                {lines.map((line) => (
                  <th key={line.name} className="num">
                    {line.name}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>
              {xs.map((at) => (
                <tr key={at}>
                  <td className="num">{at}</td>
                  {lines.map((line) => {
                    const point = line.points.find((entry) => entry.x === at);
                    return (
                      <td key={line.name} className="num">
                        {point === undefined ? "–" : format(point.y)}
                      </td>
                    );
                  })}
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
    </details>
  );
}
