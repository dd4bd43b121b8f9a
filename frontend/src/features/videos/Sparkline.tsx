/** Rejected share in equal parts of a video: red where much was lost, amber where some was, a dotted line where nothing was. */
const WIDTH = 168;
const HEIGHT = 24;

export function Sparkline({ parts }: { readonly parts: readonly number[] }) {
  const step = WIDTH / Math.max(1, parts.length);
  const worst = parts.reduce((most, value) => Math.max(most, value), 0);
  return (
    <svg className="spark" viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={`Rejected over time, at most ${worst} % of a part`}>
      {parts.map((value, i) => {
        const height = value === 0 ? 1.5 : Math.max(3, (value / 100) * (HEIGHT - 2));
        const tone = value >= 30 ? "var(--bad)" : value > 0 ? "var(--warn)" : "var(--text-3)";
        return <rect key={i} x={i * step} y={HEIGHT - height} width={Math.max(1, step - 1)} height={height} fill={tone} opacity={value === 0 ? 0.55 : 1} />;
      })}
    </svg>
  );
}
