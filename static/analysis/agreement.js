// The agreement page: nothing on it needs a script, but it follows the study.

import { follow } from "./live.js";

follow(document.querySelector("[data-live]"), () => {});
