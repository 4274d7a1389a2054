"""Learning from unlabelled videos: six objectives, summed with weights."""
