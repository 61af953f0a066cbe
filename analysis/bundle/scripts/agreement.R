# Sourced by analysis.R: computes the agreement of readers anew and holds it against agreement.csv.
#
# Units are participant x muscle x side, by the edema reads of an MRI, or its fat reads where it has no edema read; from
# reads.csv where there is one, else from frame.csv. ICC(2,1) and ICC(3,1) with intervals by F, of the units that every reader
# graded; kappa is the mean over pairs; Bland and Altman's limits of sum scores; each reader's effect by least squares with the
# jackknife's interval; variances and the smallest detectable difference by lme4 from every grade. Percentile intervals are random
# (2,000 resamples by numpy's generator; program/bootstrap.py) and not computed anew.

NEARLY <- list(relative = 1e-3, absolute = 1e-5)  # of variances, where a likelihood is flat
STEPS <- abs(outer(0:3, 0:3, "-"))
share_of <- function(part, whole) if (isTRUE(whole != 0)) part / whole else NA
number <- function(n, value = NA, low = NA, high = NA) c(n = n, value = value, ci_low = low, ci_high = high)

# Grades: an array of participants, sides, muscles, readers and occasions

grades_by_unit <- function(x) {
  mri <- paste(x$participant, x$mri, sep = "\r")
  is_first <- x$occasion == "1"
  has_edema <- mri %in% mri[is_first & x$feature == "edema"]
  chosen <- x$feature == ifelse(has_edema, "edema", "fat")
  x <- x[chosen & mri %in% mri[is_first & chosen], ]
  in_order <- function(values) sort(unique(values), method = "radix")
  readers <- in_order(x$reader[x$occasion == "1"])
  x <- x[x$reader %in% readers, ]
  occasions <- c("1", setdiff(unique(x$occasion), "1"))
  levels <- list(in_order(x$participant), in_order(x$side), expected$muscle, readers, occasions)
  scores <- array(NA_real_, lengths(levels), levels)
  place <- mapply(match, x[c("participant", "side", "muscle", "reader", "occasion")], levels)
  scores[matrix(place, ncol = 5)] <- as.numeric(x$score)
  scores
}
flat <- function(scores, columns) matrix(scores, ncol = columns)  # participants vary fastest in the rows

source("coefficients.R", local = TRUE)

# Variances of unit, reader and residual, and each reader against the others

variances_of <- function(x) {
  names <- c("unit", "reader", "residual", "icc_agreement", "icc_consistency", "smallest_detectable_difference")
  x <- x[rowSums(!is.na(x)) > 0, , drop = FALSE]
  long <- data.frame(score = as.vector(x), unit = factor(rep(seq_len(nrow(x)), ncol(x))), reader = factor(col(x)))
  long <- droplevels(long[!is.na(long$score), ])
  nothing <- sapply(names, function(name) number(nrow(long)), simplify = FALSE)
  if (nrow(x) < 2 || !any(rowSums(!is.na(x)) >= 2) || !several(long$score)) return(nothing)
  about_unit <- function(v) v - ave(v, long$unit)
  constants <- apply(model.matrix(~ reader, long), 2, about_unit)
  if (sum(qr.resid(qr(constants), about_unit(long$score))^2) < NOTHING * sum(long$score^2)) return(nothing)
  fit <- mixed(score ~ 1 + (1 | unit) + (1 | reader), long)
  found <- as.data.frame(VarCorr(fit))
  v <- setNames(found$vcov, found$grp)
  whole <- sum(v)
  values <- c(v[["unit"]], v[["reader"]], v[["Residual"]], v[["unit"]] / whole, v[["unit"]] / (whole - v[["reader"]]),
              1.96 * sqrt(2 * (v[["reader"]] + v[["Residual"]])))
  setNames(lapply(values, function(value) number(nrow(long), value)), names)
}
effects_of <- function(x, who) {  # who: each unit's participant
  k <- ncol(x)
  graded <- (!is.na(x)) + 0
  m <- rowSums(graded)
  x[is.na(x)] <- 0
  share <- ifelse(m > 0, 1 / m, 0)
  by_person <- function(v) rowsum(v, who)
  right <- by_person(x - graded * rowSums(x) * share)
  left <- array(0, c(nrow(right), k, k))
  for (r in seq_len(k)) for (s in seq_len(k))
    left[, r, s] <- by_person((if (r == s) graded[, r] else 0) - graded[, r] * graded[, s] * share)
  shared <- colSums(graded * (m >= 2))
  linked <- apply(left, 2:3, sum) < 0 | diag(k) == 1
  for (step in seq_len(k)) linked <- linked %*% linked > 0
  lapply(seq_len(k), function(r) effect_of(r, which(linked[r, ]), left, right, shared[r]))
}
effect_of <- function(r, among, left, right, units) {
  if (length(among) < 2) return(number(units))
  left <- left[, among, among, drop = FALSE]
  right <- right[, among, drop = FALSE]
  contrast <- ifelse(among == r, 1, -1 / (length(among) - 1))
  anchored <- function(L) L + 1 / length(among)
  solved <- function(L, b) sum(contrast * solve(anchored(L), b))
  whole <- apply(left, 2:3, sum)
  value <- solved(whole, colSums(right))
  entering <- which(apply(left, 1, function(L) sum(diag(L))) > 0)
  n <- length(entering)
  without <- lapply(entering, function(i) whole - left[i, , ])
  least <- function(L) min(eigen(anchored(L), symmetric = TRUE, only.values = TRUE)$values)
  if (n < 2 || min(sapply(without, least)) < 1e-9) return(number(units, value))
  each <- mapply(function(L, i) solved(L, colSums(right) - right[i, ]), without, entering)
  reach <- qt(0.975, n - 1) * sqrt((n - 1) / n * sum((each - mean(each))^2))
  number(units, value, value - reach, value + reach)
}

# Bland and Altman: two readers' units (participants in rows, units in columns), and what anybody graded

bias_of <- function(first, second, anyone) {
  both <- !is.na(first) & !is.na(second)
  complete <- rowSums(both) > 0 & rowSums(both != anyone) == 0
  sums <- function(x) rowSums(x[complete, , drop = FALSE], na.rm = TRUE)
  d <- sums(first) - sums(second)
  n <- length(d)
  spread <- if (n > 1) sd(d) else NA
  mean_of <- if (n) mean(d) else NA
  shared <- rowSums(both) > 0
  means <- rowMeans((first - second)[shared, , drop = FALSE], na.rm = TRUE)
  m <- length(means)
  reach <- if (m > 1) qt(0.975, m - 1) * sd(means) / sqrt(m) else NA
  each <- if (m) mean(means) else NA
  list(mean_difference = number(n, mean_of), sd = number(n, spread), loa_low = number(n, mean_of - 1.96 * spread),
       loa_high = number(n, mean_of + 1.96 * spread), per_grade = number(sum(both), each, each - reach, each + reach))
}

# All numbers, each under the key that its row of agreement.csv has

key_of <- function(part, reader, other, muscle, name) paste(part, reader, other, muscle, name, sep = "\r")
agreement_anew <- function(scores) {
  size <- dim(scores)
  readers <- dimnames(scores)[[4]]
  muscles <- dimnames(scores)[[3]]
  first <- scores[, , , , 1, drop = FALSE]
  each_muscle <- function(x, raters) c(lapply(setNames(seq_along(muscles), muscles), function(m)
    flat(x[, , m, , , drop = FALSE], raters)), list(overall = flat(x, raters)))
  under <- function(numbers, ...) setNames(numbers, key_of(..., names(numbers)))
  of_each <- function(x, raters, ask, ...) {
    each <- each_muscle(x, raters)
    unlist(unname(lapply(names(each), function(muscle) under(ask(each[[muscle]]), ..., muscle))), recursive = FALSE)
  }
  resampled <- function(x) {
    tables <- tables_of(x)
    icc <- intraclass(x)
    lapply(list(icc_2_1 = icc$icc_2_1[1], icc_3_1 = icc$icc_3_1[1], kappa_linear = generalised_kappa(tables, STEPS),
                kappa_quadratic = generalised_kappa(tables, STEPS^2)), function(value) number(NA, value))
  }
  found <- c(of_each(first, size[4], coefficients_of, "all", "", ""), of_each(first, size[4], variances_of, "mixed", "", ""),
             of_each(first, size[4], resampled, "resampled", "", ""))
  by_person <- function(r) matrix(first[, , , r, ], size[1])
  anyone <- Reduce(`|`, lapply(seq_along(readers), function(r) !is.na(by_person(r))))
  for (pair in pairs_of(length(readers))) {
    names <- readers[pair]
    found <- c(found, of_each(first[, , , pair, , drop = FALSE], 2, coefficients_of, "pair", names[1], names[2]),
               under(bias_of(by_person(pair[1]), by_person(pair[2]), anyone), "bias", names[1], names[2], ""))
  }
  for (r in seq_along(readers)) {
    later <- scores[, , , r, -1, drop = FALSE]
    both <- array(NA_real_, c(size[1:3], size[5] - 1, 2))  # the later reads as further units, then the two raters
    both[, , , , 1] <- ifelse(is.na(later), NA, array(first[, , , r, ], dim(later)))
    both[, , , , 2] <- ifelse(is.na(both[, , , , 1]), NA, later)
    found <- c(found, of_each(both, 2, coefficients_of, "rereads", readers[r], ""))
  }
  effects <- if (length(readers)) effects_of(flat(first, size[4]), rep(seq_len(size[1]), prod(size[2:3])))
  c(found, setNames(effects, if (length(readers)) key_of("effect", readers, "", "", "per_grade")))
}

agreement_differs <- function() {  # prints what differs, and returns how many rows do
  said <- table_of("agreement.csv")
  numbers <- c("n", "value", "ci_low", "ci_high")
  for (column in numbers) said[[column]] <- as.numeric(said[[column]])
  found <- agreement_anew(grades_by_unit(table_of(if (file.exists("reads.csv")) "reads.csv" else "frame.csv")))
  keys <- key_of(said$part, said$reader, said$other, said$muscle, said$name)
  off <- function(column, row) {
    here <- found[[keys[row]]][[column]]
    there <- said[[column]][row]
    if (said$part[row] != "mixed" || column == "n") return(differs(column, here, there))
    if (is.na(here) || is.na(there)) is.na(here) != is.na(there)
    else abs(here - there) > max(NEARLY$absolute, NEARLY$relative * abs(there))
  }
  wrong <- sapply(seq_along(keys), function(row) {
    held <- if (said$interval[row] == "percentile") c("n", "value") else numbers
    is.null(found[[keys[row]]]) || any(sapply(held, off, row = row))
  })
  for (row in which(wrong)) {
    about <- said[row, c("part", "reader", "other", "muscle", "name")]
    cat("DIFFERS:", paste(about[about != ""], collapse = " "), "\n")
  }
  missing <- setdiff(names(found), keys)
  cat(sprintf("\nagreement.csv: %d of %d numbers as computed anew%s\n", sum(!wrong), length(wrong),
              if (length(missing)) paste0("; it lacks ", length(missing)) else ""))
  sum(wrong) + length(missing)
}
