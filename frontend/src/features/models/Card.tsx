/** What a version was made from and what it cannot do. */
import type { ModelOut } from "../../api/generated/model";
import { cardLines, limitsOf } from "./card";
import "../train/bars.css";

export function Card({ model }: { readonly model: ModelOut }) {
  const limits = limitsOf(model);
  return (
    <section className="panel">
      <header>
        <h2>Card of v{model.number}</h2>
        <span className="t3 sm">written when it was made</span>
      </header>
      <div className="model-card">
        <dl className="kv">
          {cardLines(model).map((line) => (
            <div key={line.name}>
              <dt>{line.name}</dt>
              <dd>{line.text}</dd>
            </div>
          ))}
        </dl>
        {limits.length > 0 && (
          <div>
            <h3>Limits</h3>
            <ul className="limits t2">
              {limits.map((limit) => (
                <li key={limit}>{limit}</li>
              ))}
            </ul>
          </div>
        )}
      </div>
    </section>
  );
}
