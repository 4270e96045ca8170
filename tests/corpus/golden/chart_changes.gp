set encoding utf8
$T << TAILGATE_END
|change from before to after
|session_get.p50
|+0.5% (-0.1% .. +1.1%)
|session_get.p99
|! +40.0% (+37.0% .. +43.0%)
|memory_put.p95
|+2.5% (-∞ .. +∞)
|memory_put.p99.9
|no data
|stalls
|-98.8% (-99.0% .. -98.0%)
|rate
|+2.0% (+1.0% .. +3.0%)
|slow_rate
|! -25.0% (-28.0% .. -22.0%)
|far_off.p99
|! +900.0% (+850.0% .. +950.0%)
|Changes with their intervals and margins
|source: memory_store-20251121T000000Z, 10 launches
TAILGATE_END
$D1 << TAILGATE_END
0.005 -0.5 -0.001 0.011
0.025 -2.5 -0.5 0.5
0.02 -5.5 0.01 0.03
TAILGATE_END
$D2 << TAILGATE_END
0.4 -1.5 0.37 0.43
-0.25 -6.5 -0.28 -0.22
TAILGATE_END
set terminal pngcairo size 1520,708 background '#FFFFFF' font 'sans-serif,12' fontscale 1.50 linewidth 2 pointscale 2 noenhanced
set label $T[18][2:*] at screen 0.02368,0.93220 left font ',15' tc rgb '#222222'
set label $T[19][2:*] at screen 0.02368,0.03955 left font ',10' tc rgb '#666666'
set object rectangle from screen 0,0 to screen 1,1 fs empty border lc rgb '#CCCCCC' lw 1 behind
set border 3 lc rgb '#999999'
set grid lc rgb '#E2E2E2' lt 1 lw 1
set tmargin at screen 0.81356
set bmargin at screen 0.22599
set lmargin at screen 0.20000
set rmargin at screen 0.69211
set xrange [-0.500001:0.500001]
set xtics nomirror scale 0.5 font ',11' tc rgb '#444444' ('-40%%' -0.4, '-20%%' -0.2, '0%%' 0, '+20%%' 0.2, '+40%%' 0.4)
set grid xtics
set xlabel $T[1][2:*] font ',12' tc rgb '#444444'
set yrange [-8:0]
unset ytics
set key at screen 0.00789,0.89831 left top horizontal Left reverse samplen 1.5 spacing 1 font ',11'
set arrow from first 0, graph 0 to first 0, graph 1 nohead lw 1.5 lc rgb '#666666'
set object rectangle from first 0.05, first -0.92 to graph 1, first -0.08 fc rgb '#F9E0D0' fs solid 1 noborder behind
set object rectangle from first 0.05, first -1.92 to graph 1, first -1.08 fc rgb '#F9E0D0' fs solid 1 noborder behind
set object rectangle from first 0.075, first -2.92 to graph 1, first -2.08 fc rgb '#F9E0D0' fs solid 1 noborder behind
set object rectangle from first 0.05, first -3.92 to graph 1, first -3.08 fc rgb '#F9E0D0' fs solid 1 noborder behind
set object rectangle from first -0.04761904762, first -5.92 to graph 0, first -5.08 fc rgb '#F9E0D0' fs solid 1 noborder behind
set object rectangle from first -0.04761904762, first -6.92 to graph 0, first -6.08 fc rgb '#F9E0D0' fs solid 1 noborder behind
set object rectangle from first 0.05, first -7.92 to graph 1, first -7.08 fc rgb '#F9E0D0' fs solid 1 noborder behind
set arrow from first -0.46, first -2.5 to graph 0, first -2.5 head filled size graph 0.015,25 lw 2 lc rgb '#0072B2' front
set arrow from first 0.46, first -2.5 to graph 1, first -2.5 head filled size graph 0.015,25 lw 2 lc rgb '#0072B2' front
set arrow from first -0.46, first -4.5 to graph 0, first -4.5 head filled size graph 0.015,25 lw 2 lc rgb '#0072B2' front
set arrow from first 0.46, first -7.5 to graph 1, first -7.5 head filled size graph 0.015,25 lw 2 lc rgb '#D55E00' front
set label $T[2][2:*] at graph 0, first -0.5 right offset char -1,0 tc rgb '#222222'
set label $T[3][2:*] at graph 1, first -0.5 left offset char 1,0 font ',11' tc rgb '#222222'
set label $T[4][2:*] at graph 0, first -1.5 right offset char -1,0 tc rgb '#222222'
set label $T[5][2:*] at graph 1, first -1.5 left offset char 1,0 font ',11' tc rgb '#D55E00'
set label $T[6][2:*] at graph 0, first -2.5 right offset char -1,0 tc rgb '#222222'
set label $T[7][2:*] at graph 1, first -2.5 left offset char 1,0 font ',11' tc rgb '#222222'
set label $T[8][2:*] at graph 0, first -3.5 right offset char -1,0 tc rgb '#222222'
set label $T[9][2:*] at graph 1, first -3.5 left offset char 1,0 font ',11' tc rgb '#222222'
set label $T[10][2:*] at graph 0, first -4.5 right offset char -1,0 tc rgb '#222222'
set label $T[11][2:*] at graph 1, first -4.5 left offset char 1,0 font ',11' tc rgb '#222222'
set label $T[12][2:*] at graph 0, first -5.5 right offset char -1,0 tc rgb '#222222'
set label $T[13][2:*] at graph 1, first -5.5 left offset char 1,0 font ',11' tc rgb '#222222'
set label $T[14][2:*] at graph 0, first -6.5 right offset char -1,0 tc rgb '#222222'
set label $T[15][2:*] at graph 1, first -6.5 left offset char 1,0 font ',11' tc rgb '#D55E00'
set label $T[16][2:*] at graph 0, first -7.5 right offset char -1,0 tc rgb '#222222'
set label $T[17][2:*] at graph 1, first -7.5 left offset char 1,0 font ',11' tc rgb '#D55E00'
plot NaN with boxes fs solid 1 noborder lc rgb '#F9E0D0' title 'worse than the margin', \
     $D1 using 1:2:3:4 with xerrorbars notitle lw 2 pt 7 ps 0.8 lc rgb '#0072B2', \
     $D2 using 1:2:3:4 with xerrorbars notitle lw 2 pt 5 ps 0.8 lc rgb '#D55E00'
