/** A menu that picks one of several: `Sort Newest first`. */
import { Menu } from "@mantine/core";
import { Icon } from "./Icon";

interface ChoiceProps<T extends string> {
  readonly label: string;
  readonly value: T;
  readonly options: readonly { readonly value: T; readonly label: string; readonly note?: string }[];
  readonly onChange: (value: T) => void;
  readonly wide?: boolean;
  readonly autoFocus?: boolean | undefined;
}

export function Choice<T extends string>({ label, value, options, onChange, wide, autoFocus }: ChoiceProps<T>) {
  const chosen = options.find((option) => option.value === value);
  return (
    <Menu position={wide === true ? "bottom-start" : "bottom-end"} width={wide === true ? "target" : options.some(({ note }) => note !== undefined) ? 300 : 200}>
      <Menu.Target>
        <button type="button" className={wide === true ? "field wide" : "field"} aria-label={wide === true ? `${label}: ${chosen?.label ?? "Choose"}` : undefined} data-autofocus={autoFocus === true ? true : undefined}>
          {wide !== true && <span>{label} </span>}
          <b className="ell">{chosen?.label ?? "Choose"}</b>
          <Icon name="down" />
        </button>
      </Menu.Target>
      <Menu.Dropdown className="menu">
        {options.map((option) => (
          <Menu.Item key={option.value} className="menu-item" onClick={() => onChange(option.value)} aria-current={option.value === value ? true : undefined} data-autofocus={option === (chosen ?? options[0]) ? true : undefined}>
            <span className="tick">{option.value === value && <Icon name="check" />}</span>
            <span>
              {option.label}
              {option.note !== undefined && <span className="sm t3 block">{option.note}</span>}
            </span>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
