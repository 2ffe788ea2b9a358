/** Starts the console's page. */
import { render } from "preact";
import { App } from "./app.tsx";
import { followTheme } from "./frame/theme.ts";
import { followPlace } from "./navigation/place.ts";
import { followKeys } from "./navigation/shortcuts.ts";
import "./styles/tokens.css";
import "./styles/base.css";
import "./styles/frame.css";
import "./styles/parts.css";

followTheme();
followPlace();
followKeys();
render(<App />, document.body);
