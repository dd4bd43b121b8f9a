/** What narrows the list: camera, recorded time, what was decided, and the reasons with their counts. */
import { Choice } from "../../ui/Choice";
import { Icon } from "../../ui/Icon";
import { reasonName, whole } from "../../ui/words";
import { type Change, periodsOf, periodText, type QualitySearch, type StateFilter } from "./filters";
import { HOURS, hourText } from "./heat";
import type { Facet, Overview } from "./types";
import { iconOf } from "./words";

interface FiltersProps {
  readonly search: QualitySearch;
  readonly overview: Overview | undefined;
  readonly videoName: string | undefined;
  readonly onChange: (change: Change) => void;
}

const STATES: readonly { readonly value: StateFilter; readonly label: string }[] = [
  { value: "pending", label: "To review" },
  { value: "confirmed", label: "Confirmed" },
  { value: "restored", label: "Restored" },
  { value: "all", label: "All" },
];

export function Filters({ search, overview, videoName, onChange }: FiltersProps) {
  const cameras = overview?.cameras ?? [];
  const periods = periodsOf(overview?.since ?? null, overview?.until ?? null);
  const picked = periodText(search, periods);
  const current = periods.find((entry) => entry.since === search.since && entry.until === search.until);
  const options = [...periods.map((entry) => ({ value: entry.label, label: entry.label })), ...(current === undefined ? [{ value: picked, label: picked }] : [])];
  return (
    <div className="qf">
      <h1 className="sr">Quality</h1>
      <Choice label="Camera" value={search.camera ?? ""} options={[{ value: "", label: "All" }, ...cameras.map((camera) => ({ value: camera.id, label: camera.name }))]} onChange={(camera) => onChange({ camera: camera === "" ? undefined : camera })} />
      {periods.length > 1 && (
        <Choice
          label="Recorded"
          value={current?.label ?? picked}
          options={options.map((option) => (option.value === current?.label ? { ...option, label: picked } : option))}
          onChange={(label) => {
            const period = periods.find((entry) => entry.label === label);
            onChange({ since: period?.since, until: period?.until });
          }}
        />
      )}
      <Choice label="State" value={search.state ?? "pending"} options={STATES} onChange={(state) => onChange({ state: state === "pending" ? undefined : state })} />
      <div className="qf-reasons" role="group" aria-label="Reason">
        {(overview?.reasons ?? []).filter((facet) => facet.spans > 0 || facet.reason === search.reason).map((facet) => (
          <ReasonFacet key={facet.reason} facet={facet} chosen={search.reason === facet.reason} onPick={(reason) => onChange({ reason })} />
        ))}
      </div>
      {search.video !== undefined && (
        <button type="button" className="facet" aria-pressed="true" onClick={() => onChange({ video: undefined })}>
          <Icon name="film" />
          {videoName ?? "One video"}
          <Icon name="x" />
        </button>
      )}
      {search.hour !== undefined && (
        <button type="button" className="facet" aria-pressed="true" onClick={() => onChange({ hour: undefined })}>
          <Icon name="clock" />
          {hourText(search.hour)}–{hourText((search.hour + 1) % HOURS)}
          <Icon name="x" />
        </button>
      )}
    </div>
  );
}

function ReasonFacet({ facet, chosen, onPick }: { readonly facet: Facet; readonly chosen: boolean; readonly onPick: (reason: string | undefined) => void }) {
  return (
    <button type="button" className="facet" aria-pressed={chosen} onClick={() => onPick(chosen ? undefined : facet.reason)}>
      <Icon name={iconOf(facet.reason)} />
      {reasonName(facet.reason)}
      <span>{whole(facet.frames)}</span>
    </button>
  );
}
