// The text for a paper follows the study: what is copied is what the numbers say now.

import { offerCopies } from "./copy.js";
import { follow } from "./live.js";

const root = document.querySelector("[data-live]");

follow(root, offerCopies);
