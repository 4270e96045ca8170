set encoding utf8
$T << TAILGATE_END
|response time (log scale)
|session_get.p99
|memory_get.p99
|namespace_query.p99
|task_dequeue.p99
|task_dequeue.max
|not_run.p99
|measured
|110 µs, target 50.0 ms
|110 µs, target 50.0 ms
|760 µs, target 50.0 ms
|1.00 ms, target 10.0 ms
|! 12.5 ms, target 10.0 ms
|no data, target 50.0 ms
|target
|Latency against targets (less is better)
|source: memory_store-20251121T000000Z
TAILGATE_END
$D1 << TAILGATE_END
110000 -0.8 100000 110000 -1.2 -0.4
110000 -2.4 100000 110000 -2.8 -2
760000 -4 100000 760000 -4.4 -3.6
1000000 -5.6 100000 1000000 -6 -5.2
TAILGATE_END
$D2 << TAILGATE_END
12500000 -7.2 100000 12500000 -7.6 -6.8
TAILGATE_END
$D3 << TAILGATE_END
50000000 -1.4 0 1.2
50000000 -3 0 1.2
50000000 -4.6 0 1.2
10000000 -6.2 0 1.2
10000000 -7.8 0 1.2
50000000 -9.4 0 1.2
NaN NaN NaN NaN
TAILGATE_END
set terminal svg size 760,340 background '#FFFFFF' font 'sans-serif,12' noenhanced
set label $T[16][2:*] at screen 0.02368,0.92941 left font ',15' tc rgb '#222222'
set label $T[17][2:*] at screen 0.02368,0.04118 left font ',10' tc rgb '#666666'
set object rectangle from screen 0,0 to screen 1,1 fs empty border lc rgb '#CCCCCC' lw 1 behind
set border 3 lc rgb '#999999'
set grid lc rgb '#E2E2E2' lt 1 lw 1
set tmargin at screen 0.80000
set bmargin at screen 0.23529
set lmargin at screen 0.23158
set rmargin at screen 0.73816
set key at screen 0.00789,0.89412 left top horizontal Left reverse samplen 1.5 spacing 1 font ',11'
set logscale x
set xrange [99999.9:100000100]
set xtics nomirror scale 0.5 font ',11' tc rgb '#444444' ('100 µs' 100000, '1 ms' 1000000, '10 ms' 10000000, '100 ms' 100000000)
set grid xtics
set xlabel $T[1][2:*] font ',12' tc rgb '#444444'
set yrange [-9.6:0]
unset ytics
set label $T[2][2:*] at graph 0, first -0.8 right offset char -1,0 tc rgb '#222222'
set label $T[3][2:*] at graph 0, first -2.4 right offset char -1,0 tc rgb '#222222'
set label $T[4][2:*] at graph 0, first -4 right offset char -1,0 tc rgb '#222222'
set label $T[5][2:*] at graph 0, first -5.6 right offset char -1,0 tc rgb '#222222'
set label $T[6][2:*] at graph 0, first -7.2 right offset char -1,0 tc rgb '#222222'
set label $T[7][2:*] at graph 0, first -8.8 right offset char -1,0 tc rgb '#222222'
set label $T[9][2:*] at graph 1, first -0.8 left offset char 1,0 font ',11' tc rgb '#222222'
set label $T[10][2:*] at graph 1, first -2.4 left offset char 1,0 font ',11' tc rgb '#222222'
set label $T[11][2:*] at graph 1, first -4 left offset char 1,0 font ',11' tc rgb '#222222'
set label $T[12][2:*] at graph 1, first -5.6 left offset char 1,0 font ',11' tc rgb '#222222'
set label $T[13][2:*] at graph 1, first -7.2 left offset char 1,0 font ',11' tc rgb '#D55E00'
set label $T[14][2:*] at graph 1, first -8.8 left offset char 1,0 font ',11' tc rgb '#222222'
plot NaN notitle, \
     $D1 using 1:2:3:4:5:6 with boxxyerror notitle fs solid 1 border lc rgb '#0072B2' lc rgb '#0072B2', \
     $D2 using 1:2:3:4:5:6 with boxxyerror notitle fs solid 1 border lc rgb '#D55E00' lc rgb '#D55E00', \
     NaN with boxes fs solid 1 noborder lc rgb '#0072B2' title $T[8][2:*], \
     $D3 using 1:2:3:4 with vectors nohead lw 3 lc rgb '#222222' title $T[15][2:*]
