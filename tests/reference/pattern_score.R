# The cross-validated pattern score of the reference cohorts, written from its definition with loops:
#   Rscript pattern_score.R > pattern_score.json
folder <- "."
library(jsonlite)
scores_of <- function(y, compared, id) {
  sapply(seq_along(id), function(i) {
    rest <- id != id[i]
    difference <- round(colMeans(y[rest & compared, , drop = FALSE], na.rm = TRUE) -
                          colMeans(y[rest & !compared, , drop = FALSE], na.rm = TRUE), 10)
    side <- function(chosen) {
      chosen <- which(chosen)
      if (length(chosen) == 0) 0 else mean(y[i, chosen], na.rm = TRUE)
    }
    if (!any(abs(difference) > 0, na.rm = TRUE)) return(NaN)
    side(difference > 0) - side(difference < 0)
  })
}
area_of <- function(score, compared) {
  score <- round(score, 10)
  a <- score[compared & !is.na(score)]; b <- score[!compared & !is.na(score)]
  mean(outer(a, b, ">") + 0.5 * outer(a, b, "=="))
}
muscles <- c("VL", "VM", "VI", "RF", "BFSH", "BFLH", "SM", "ST", "ADD", "GR", "SA")
answer <- function(name) {
  people <- read.csv(file.path(folder, paste0(name, ".participants.csv")))
  if (is.null(people$days_since_first_mri)) people$days_since_first_mri <- NA
  people <- people[order(people$participant, people$days_since_first_mri, people$mri), ]
  people <- people[!duplicated(people$participant), ]
  rows <- read.csv(file.path(folder, paste0(name, ".grades.csv")))
  rows <- merge(rows, people[c("participant", "group", "mri")], by = c("participant", "mri"))
  edema <- unique(rows$mri[rows$feature == "edema"])
  rows <- rows[rows$feature == "edema" | !(rows$mri %in% edema), ]
  rows <- rows[rows$group %in% c("IMNM", "DM") & !is.na(rows$score), ]
  y <- tapply(rows$score, list(factor(rows$participant), factor(rows$muscle, muscles)), mean)
  compared <- people$group[match(rownames(y), people$participant)] == "DM"
  id <- seq_len(nrow(y))
  scores <- scores_of(y, compared, id)
  set.seed(20250946)
  resampled <- replicate(600, {
    drawn <- c(sample(which(!compared), replace = TRUE), sample(which(compared), replace = TRUE))
    area_of(scores_of(y[drawn, , drop = FALSE], compared[drawn], drawn), compared[drawn])
  })
  interval <- quantile(resampled, c(.025, .975), names = FALSE, na.rm = TRUE)
  list(scores = as.list(setNames(scores, rownames(y))), area = area_of(scores, compared),
       ci_low = interval[1], ci_high = interval[2])
}
names <- sub(".grades.csv", "", list.files(folder, "[.]grades[.]csv$"), fixed = TRUE)
cat(toJSON(sapply(names, answer, simplify = FALSE), auto_unbox = TRUE, digits = 12, na = "null", pretty = TRUE), "\n")
