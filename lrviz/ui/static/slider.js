// The live slider: a range input and a number box for every value of one Param, streaming while dragged.
// A Param with several values (a list of numbers) gets a row each, and buttons to remove one and to add one.

const STEPS = 1000;

function scale(spec) {
  const [low, high] = spec.slider;
  if (!spec.log) {
    const fine = spec.step ?? (spec.whole ? 1 : (high - low) / STEPS);
    const digits = Math.max(0, Math.ceil(-Math.log10(fine) - 1e-9));
    return { min: low, max: high, step: fine, to: (v) => v, from: (p) => Number(Number(p).toFixed(digits)) };
  }
  const ratio = Math.log(high / low);
  const from = (p) => low * Math.exp((ratio * p) / STEPS);
  return {
    min: 0,
    max: STEPS,
    step: 1,
    to: (v) => (v > 0 ? Math.min(Math.max((STEPS * Math.log(v / low)) / ratio, 0), STEPS) : 0),
    from: (p) => (spec.whole ? Math.round(from(Number(p))) : Number(from(Number(p)).toPrecision(3))),
  };
}

export function slider(root, send) {
  const box = document.createElement("div");
  box.className = "lrviz-slider";
  root.replaceChildren(box);
  let spec = null;
  let values = [];
  let rows = [];

  const legal = (v) =>
    Number.isFinite(v) &&
    (!spec.whole || Number.isInteger(v)) &&
    (spec.openLow ? v > spec.low : v >= spec.low) &&
    (spec.openHigh ? v < spec.high : v <= spec.high);

  function build() {
    box.replaceChildren(head());
    rows = values.map((_, i) => row(i));
    box.append(...rows.map((r) => r.element));
    const note = document.createElement("div");
    note.className = "lrviz-note";
    note.setAttribute("role", "alert");
    box.append(note);
  }

  function head() {
    const element = document.createElement("div");
    element.className = "lrviz-head";
    const name = document.createElement("span");
    name.textContent = spec.symbol ? `${spec.label} ${spec.symbol}` : spec.label;
    name.title = spec.help;
    element.append(name);
    if (spec.help) element.append(help(spec.help));
    if (spec.list && values.length < spec.longest) {
      element.append(
        button("+", `Add a value to ${spec.label}`, () => {
          values = [...values, spec.extra];
          build();
          paint();
          send(values);
        }),
      );
    }
    element.append(
      button("↺", `Reset ${spec.label} to ${spec.defaults.join(", ")}`, () => {
        values = [...spec.defaults];
        build();
        paint();
        send(values);
      }),
    );
    return element;
  }

  function help(text) {
    const element = document.createElement("span");
    element.className = "lrviz-help";
    element.tabIndex = 0;
    element.setAttribute("role", "note");
    element.setAttribute("aria-label", text);
    element.dataset.text = text;
    element.textContent = "?";
    return element;
  }

  function button(text, label, act) {
    const element = document.createElement("button");
    element.type = "button";
    element.textContent = text;
    element.title = label;
    element.setAttribute("aria-label", label);
    element.addEventListener("click", act);
    return element;
  }

  function row(i) {
    const element = document.createElement("div");
    element.className = "lrviz-row";
    const map = scale(spec);
    const range = Object.assign(document.createElement("input"), { type: "range" });
    const number = Object.assign(document.createElement("input"), { type: "text", inputMode: "decimal" });
    const label = spec.list ? `${spec.label} ${i + 1}` : spec.label;
    range.min = map.min;
    range.max = map.max;
    range.step = map.step;
    range.setAttribute("aria-label", label);
    number.setAttribute("aria-label", `${label}, exact value`);
    if (spec.colours[i]) {
      const swatch = document.createElement("i");
      swatch.style.background = spec.colours[i];
      element.append(swatch);
    }
    element.append(range, number);
    if (spec.list && values.length > spec.shortest) {
      element.append(
        button("×", `Remove ${label}`, () => {
          values = values.filter((_, j) => j !== i);
          build();
          paint();
          send(values);
        }),
      );
    }
    const change = (value) => {
      values = values.map((old, j) => (j === i ? value : old));
      paint(range);
      send(values);
    };
    // Where a step of a log slider is less than one whole number, rounding must not take it back.
    const moved = () => {
      const value = map.from(range.value);
      if (!spec.log || !spec.whole || value !== values[i]) return value;
      const way = Math.sign(Number(range.value) - map.to(value));
      return Math.min(Math.max(value + way, spec.slider[0]), spec.slider[1]);
    };
    range.addEventListener("input", () => {
      const value = moved();
      if (spec.log && spec.whole) range.value = map.to(value);
      change(value);
    });
    number.addEventListener("change", () => {
      const value = Number(number.value.trim().replace(",", "."));
      if (number.value.trim() !== "" && legal(value)) change(value);
      else {
        box.querySelector(".lrviz-note").textContent =
          `${spec.label} must be ${spec.rule}, got ${number.value || "nothing"}`;
        number.value = show(values[i]);
      }
    });
    return { element, range, number, map };
  }

  const show = (v) =>
    v !== 0 && (Math.abs(v) < 1e-4 || Math.abs(v) >= 1e6) ? v.toExponential().replace("e+", "e") : String(v);

  function paint(held = null) {
    rows.forEach(({ range, number, map }, i) => {
      if (range !== held) range.value = map.to(values[i]);
      if (document.activeElement !== number || held) number.value = show(values[i]);
      range.setAttribute("aria-valuetext", `${show(values[i])}${spec.unit ? ` ${spec.unit}` : ""}`);
    });
    box.querySelector(".lrviz-note").textContent = "";
  }

  return {
    update(next, ahead) {
      const before = JSON.stringify([spec, rows.length]);
      if (ahead && spec) {
        spec = { ...next, values: undefined };
        return;
      }
      spec = { ...next, values: undefined };
      values = next.values;
      if (before !== JSON.stringify([spec, values.length])) build();
      paint();
    },
  };
}
