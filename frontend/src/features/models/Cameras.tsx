/** How a version does on each camera, beside the champion where both saw the same clips. */
import type { ModelOut } from "../../api/generated/model";
import { share, whole } from "../../ui/words";
import "../train/bars.css";

export function Cameras({ model, against }: { readonly model: ModelOut; readonly against: ModelOut | undefined }) {
  if (model.per_camera.length === 0) return null;
  const before = new Map((against?.per_camera ?? []).map((entry) => [entry.camera, entry.top1]));
  return (
    <section className="panel">
      <header>
        <h2>By camera</h2>
        {against !== undefined && <span className="t3 sm">top-1, the tick is v{against.number}</span>}
      </header>
      <table className="cams">
        <thead>
          <tr>
            <th>Camera</th>
            <th className="cams-bar">
              <span className="sr">Bar</span>
            </th>
            <th className="num">Clips</th>
            <th className="num">Top-1</th>
          </tr>
        </thead>
        <tbody>
          {model.per_camera.map(({ camera, n, top1 }) => {
            const was = before.get(camera) ?? null;
            return (
              <tr key={camera}>
                <td>
                  <span className="ell cams-name">{camera}</span>
                </td>
                <td className="cams-bar">
                  <span className="byc-bar" aria-hidden="true">
                    <i style={{ width: `${(top1 ?? 0) * 100}%` }} />
                    {was !== null && <u style={{ left: `${was * 100}%` }} />}
                  </span>
                </td>
                <td className="num t3">{whole(n)}</td>
                <td className="num">
                  {share(top1)}
                  {was !== null && <span className="sr">, v{against?.number} {share(was)}</span>}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
